/** @file The scripted server's idea of a token: a word piece of at most six characters with the space before it. */

/** Splits text into pieces that join to the same text; no piece cuts a surrogate pair. */
export function tokenPieces(text: string): string[] {
  return text.match(/\s?[^\s]{1,6}|\s+/gu) ?? [];
}

/** How many pieces two lists share from the front: what a server with a prompt cache does not read again. */
export function sharedStart(one: string[], other: string[]): number {
  const length = Math.min(one.length, other.length);
  let shared = 0;
  while (shared < length && one[shared] === other[shared]) shared += 1;
  return shared;
}
