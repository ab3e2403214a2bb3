/** @file What turn N says, so that one process can write it and another can check it. */

const word = (n: number, i: number): string => `w${((n * 7_919 + i * 104_729) % 99_991).toString(36)}`;

export const userWords = (n: number): string => `Question ${n}: ${Array.from({ length: 1 + (n % 40) }, (_, i) => word(n, i)).join(' ')}`;

/** The pieces in which reply N arrives; together they are the reply. */
export function replyPieces(n: number): string[] {
  return Array.from({ length: 4 + (n % 9) }, (_, piece) =>
    Array.from({ length: 1 + ((n + piece) % 120) }, (_, i) => `${word(n, piece * 200 + i)} `).join(''),
  );
}

export const replyWords = (n: number): string => replyPieces(n).join('');

export const conversationOf = (n: number): string => `conversation-${n % 3}`;
