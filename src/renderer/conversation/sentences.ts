/** @file Whole sentences of a growing text, for those who listen and for those who want no moving letters. */

const END = /[.!?…。！？]["'”’)\]*_]*(?=\s)|\n/g;
const FENCE = /^ {0,3}(?:```|~~~)/m;

/** Where the last whole sentence of the text ends; inside unfinished code, where the code began. */
export function wholeUntil(text: string): number {
  let until = 0;
  for (const match of text.matchAll(END)) until = match.index + match[0].length;
  return until;
}

/** Markdown as it would be read aloud: no marks, no addresses, code only by its name. */
export function spoken(text: string): string {
  return text
    .replace(/^ {0,3}(```|~~~)[^\n]*\n[\s\S]*?(?:\n {0,3}\1[^\n]*|$)/gm, ' Code block. ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}|>|[-*+]|\|)\s*/gm, '')
    .replace(/[*_`~|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What can be said after the first `from` characters: whole sentences only, nothing out of code that is not finished. */
export function nextSentences(text: string, from: number): { said: string; until: number } {
  let rest = text.slice(from);
  const fence = FENCE.exec(rest);
  if (fence) {
    const close = rest.slice(fence.index + 3).search(/\n {0,3}(?:```|~~~)[^\S\n]*\n/);
    if (close === -1) rest = rest.slice(0, fence.index);
  }
  const length = wholeUntil(rest);
  return { said: spoken(rest.slice(0, length)), until: from + length };
}
