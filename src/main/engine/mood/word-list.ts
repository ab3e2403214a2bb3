/** @file The word list and the emoji names, as maps: only their own entries are ever found, whatever a person types. */
import emoji from '../../../../resources/mood/emoji.json' with { type: 'json' };
import lexicon from '../../../../resources/mood/lexicon.json' with { type: 'json' };

/** Valence (about -4..4) of each word in small letters; from the word list of vader-sentiment 1.1.3. */
export const VALENCES: ReadonlyMap<string, number> = new Map(Object.entries(lexicon.valences));

/** Name of each emoji that is one code point; from emoji.json 11.0.0. */
export const EMOJI_NAMES: ReadonlyMap<string, string> = new Map(Object.entries(emoji.names));
