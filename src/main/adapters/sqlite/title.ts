/** @file The title a conversation gets from its first message, and titles as a search compares them. */
import { DERIVED_TITLE_CHARACTERS } from '../../../shared/limits.ts';

/** The first line of a text that says something, at most 60 characters, cut at a word; empty where there is none. */
export function deriveTitle(text: string): string {
  const line = text
    .split(/[\r\n\u2028\u2029]/)
    .map(plain)
    .find((candidate) => candidate !== '');
  const characters = Array.from(line ?? '');
  if (characters.length <= DERIVED_TITLE_CHARACTERS) return characters.join('');
  const room = characters.slice(0, DERIVED_TITLE_CHARACTERS - 1);
  // A cut exactly before a space has not split a word.
  const cut = characters[room.length] === ' ' ? room.length : room.lastIndexOf(' ');
  return `${(cut > 0 ? room.slice(0, cut) : room).join('').trimEnd()}…`;
}

/** Runs of white space and of control characters become one space. */
function plain(line: string): string {
  return line.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** A title or a query without case, so that "É" finds "é". */
export function foldTitle(title: string): string {
  return title.normalize('NFC').toLowerCase();
}
