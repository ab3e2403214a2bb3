/** @file A text as the words that recall compares: folded, without the small ones, ideographs in pairs. */

/** Words that stand in every sentence and tell none from another; those of talk about talking too. */
const small = new Set(
  `a about actually again all also am an and any are as at be because been before being but by can could d did do does doing don done down
  else even ever few for from get gets getting go goes going gonna gone got had has have having he her here hers herself hey hi him himself his how i if in into is
  it its itself just know let lets like ll lot m make maybe me mean might mine more most much my myself no nope not now of off oh ok okay on
  once one only or other our ours out over own please really re right s said same say saying says see she should so some something sure t
  tell telling than thank thanks that the their theirs them themselves then there these they thing things think this those though through
  to told too u um up us ve very was way we well were what when where which while who whom whose why will with would yeah yep yes you your yours
  yourself remember remind recall mention mentioned talk talked talking hello bye`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

export const isSmall = (word: string): boolean => small.has(word);

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?/gu;
const IDEOGRAPHS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const MARKS = /\p{M}+/gu;
const ASCII = /^[\0-\x7f]*$/;

/** Small letters without accents. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  return ASCII.test(lower) ? lower : lower.normalize('NFD').replace(MARKS, '').normalize('NFC');
}

/** Scripts without spaces: each two neighbours are a word. */
function pairs(word: string): string[] {
  const signs = [...word];
  if (signs.length < 2) return signs;
  return signs.slice(1).map((sign, at) => `${signs[at]}${sign}`);
}

/** Every word in order, small ones too. */
export function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const [match] of folded(text).matchAll(WORD)) {
    const word = match.replace(/['’].*$/, '');
    if (IDEOGRAPHS.test(word)) found.push(...pairs(word));
    else found.push(word);
  }
  return found;
}
