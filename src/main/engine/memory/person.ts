/** @file Whom a sentence speaks about: the person's "I" as the note's "you", and the note's "you" as the prompt's "they". */

const TO_YOU: Record<string, string> = {
  i: 'you',
  me: 'you',
  my: 'your',
  mine: 'yours',
  myself: 'yourself',
  "i'm": 'you’re',
  "i've": 'you’ve',
  "i'd": 'you’d',
  "i'll": 'you’ll',
  am: 'are',
  we: 'you',
  us: 'you',
  our: 'your',
  ours: 'yours',
};

/** "my sister and I" as "your sister and you"; everything else stays as it was written. */
export function toYou(words: string): string {
  return words.replaceAll(/\b(?:i['’](?:m|ve|d|ll)|i|me|my|mine|myself|am|we|us|our|ours)\b/giu, (word) => {
    return TO_YOU[word.toLowerCase().replace('’', "'")] ?? word;
  });
}

/** "Your sister is called Nora" as its own person would say it; only what a note begins with. */
export function toI(note: string): string {
  return note
    .replace(/^you are\b/iu, 'I am')
    .replace(/^you['’]re\b/iu, 'I’m')
    .replace(/^you\b/iu, 'I')
    .replace(/^your\b/iu, 'My');
}

const TO_THEY: Record<string, string> = { your: 'their', yours: 'theirs', yourself: 'themself', you: 'they' };
/** After one of these "you" is an object; everywhere else in a note it does something. */
const BEFORE_OBJECT =
  /\b(?:to|for|with|of|at|from|by|about|than|like|calls?|called|visits?|visited|helps?|helped|gave|gives?|told|tells?|taught|sees?|asked|asks?|loves?|hates?|misses|missed|between|behind|beside|near|without)\s+$/iu;

const asWritten = (original: string, word: string) => (/^\p{Lu}/u.test(original) ? word.charAt(0).toUpperCase() + word.slice(1) : word);

/** A note as the model reads it, where "you" would be the companion: "You live in Leeds" is "They live in Leeds". */
export function toThey(note: string): string {
  // What stands in quotes are the person's own words, as they are.
  return note.replaceAll(/“[^”]*”|\b(?:yourself|yours|your|you)\b/giu, (word, at: number) => {
    if (word.startsWith('“')) return word;
    const isObject = word.toLowerCase() === 'you' && BEFORE_OBJECT.test(note.slice(Math.max(0, at - 20), at));
    return asWritten(word, isObject ? 'them' : (TO_THEY[word.toLowerCase()] ?? word));
  });
}
