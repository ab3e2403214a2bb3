/** @file Words and constants of the VADER rules (C.J. Hutto and E. Gilbert, 2014): facts about the reference's behaviour. */

/** How much an intensifier moves the valence of a word after it. */
const INTENSITY_STEP = 0.293;
/** Its share left when it stands one, two or three words before. */
export const INTENSITY_BY_DISTANCE: readonly number[] = [1, 0.95, 0.9];
/** What capitals add to a word's valence, when not everything is in capitals. */
export const CAPITALS_STEP = 0.733;
/** What a negation multiplies a valence by. */
export const NEGATION_FACTOR = -0.74;
/** What "never so" and "never this" multiply a valence by. */
export const NEVER_SO_FACTOR = 1.25;
/** What the first "but" makes of the valences before it and after it. */
export const BEFORE_BUT_FACTOR = 0.5;
export const AFTER_BUT_FACTOR = 1.5;
/** What each exclamation mark adds to the sum, and how many count. */
export const EXCLAMATION_STEP = 0.292;
export const EXCLAMATIONS_COUNTED = 4;
/** What two or three question marks add each, and what more of them add together. */
export const QUESTION_STEP = 0.18;
export const QUESTIONS_STEPPED = 3;
export const QUESTIONS_MOST = 0.96;
/** Squashes the sum of valences into -1..1: sum / sqrt(sum² + 15). */
export const COMPOUND_ALPHA = 15;
/** A stripped word must keep more code points than this, else it counts as it was typed (so ":)" survives). */
export const SHORTEST_STRIPPED = 2;

const STRENGTHENING = `absolutely amazingly awfully completely considerable considerably decidedly deeply effing enormous enormously entirely
  especially exceptional exceptionally extreme extremely fabulously flippin flipping frackin fracking frickin fricking friggin frigging
  fuckin fucking fuggin fugging fully greatly hella highly hugely incredible incredibly intensely major majorly more most particularly purely
  quite really remarkably so substantially thoroughly total totally tremendous tremendously uber unbelievably unusually utter utterly very`;

const WEAKENING = `almost barely hardly kind-of kinda kindof less little marginal marginally occasional occasionally partly scarce scarcely
  slight slightly somewhat sort-of sorta sortof`;

const NEGATING = `aint arent cannot cant couldnt darent despite didnt doesnt dont hadnt hasnt havent isnt mightnt mustnt neednt neither never
  none nope nor not nothing nowhere oughtnt rarely seldom shant shouldnt uh-uh uhuh wasnt werent without wont wouldnt`;

/** What each intensifier adds to a positive valence after it (and takes from a negative one). */
export const INTENSITIES: ReadonlyMap<string, number> = new Map([
  ...listed(STRENGTHENING).map((word) => [word, INTENSITY_STEP] as const),
  ...listed(WEAKENING).map((word) => [word, -INTENSITY_STEP] as const),
]);

/** Weakening phrases that end before the word. */
export const WEAKENING_PHRASES: ReadonlyMap<string, number> = new Map(
  ['just enough', 'kind of', 'sort of'].map((phrase) => [phrase, -INTENSITY_STEP] as const),
);

/** Phrases that set the valence of the word in them. */
export const SPECIAL_PHRASES: ReadonlyMap<string, number> = new Map([
  ['the shit', 3],
  ['the bomb', 3],
  ['bad ass', 1.5],
  ['bus stop', 0],
  ['yeah right', -2],
  ['kiss of death', -1.5],
  ['to die for', 3],
  ['beating heart', 3.1],
  ['broken heart', -2.9],
]);

/** First words of all these phrases. */
export const PHRASE_BEGINNINGS: ReadonlySet<string> = new Set(
  [...SPECIAL_PHRASES.keys(), ...WEAKENING_PHRASES.keys()].map((phrase) => phrase.slice(0, phrase.indexOf(' '))),
);

const NEGATIONS: ReadonlySet<string> = new Set(listed(NEGATING));

/** Whether a word in small letters negates what follows; contractions count with the straight apostrophe only. */
export function isNegation(word: string): boolean {
  return NEGATIONS.has(word) || word.includes("n't");
}

function listed(words: string): string[] {
  return words.split(/\s+/);
}
