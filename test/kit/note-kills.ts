/** @file What the program that is killed while it learns says and sums up, so that the test can tell what is whole. */
export const PAIR = { userId: 'user', characterId: 'sarah' };

/** Two single facts in each message: the newest of each holds. */
export const spokenWords = (n: number): string => `I live in Town${n} by the river. I love cake number ${n} and nothing else.`;
export const summaryWords = (n: number): string => `They spoke ${n} times. ${'And went on speaking. '.repeat(40)}The last time was ${n}.`;
