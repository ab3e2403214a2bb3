/** @file Which keys of a lorebook entry are regular expressions, and which are plain words though the entry calls them so. */

const BETWEEN_SLASHES = /^\/.+\/[a-z]*$/s;
/** A pattern without any of these is the word itself. */
const SIGNS = /[\\^$.|?*+()[\]{}]/;

/**
 * Of an entry that calls its keys patterns, those that are. `betweenSlashes`: the entry comes from SillyTavern, which calls the keys of every entry patterns and takes only those between
 * slashes for such. A few patterns that stand for one word are matched as the word; the others match nothing.
 */
export const patternsIn = (keys: readonly string[], betweenSlashes: boolean): string[] =>
  keys.filter((key) => BETWEEN_SLASHES.test(key) || (!betweenSlashes && SIGNS.test(key)));
