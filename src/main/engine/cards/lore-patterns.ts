/** @file Which keys of a lorebook entry are regular expressions, and which are plain words though the entry calls them so. */

const BETWEEN_SLASHES = /^\/.+\/[a-z]*$/s;
/** A pattern without any of these is the word itself. */
const SIGNS = /[\\^$.|?*+()[\]{}]/;

/**
 * `betweenSlashes`: the entry comes from SillyTavern, which calls the keys of every entry patterns and takes only those between
 * slashes for such. A few patterns that stand for one word are matched as the word; the others match nothing.
 */
export function patternsIn(keys: readonly string[], useRegex: boolean, betweenSlashes: boolean): string[] {
  if (betweenSlashes) return keys.filter((key) => BETWEEN_SLASHES.test(key));
  return useRegex ? keys.filter((key) => SIGNS.test(key) || BETWEEN_SLASHES.test(key)) : [];
}
