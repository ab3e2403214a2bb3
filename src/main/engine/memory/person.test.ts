/** @file Notes as the person reads them and as the model does. */
import { expect, it } from 'vitest';
import { toThey, toYou } from './person.ts';

it('[ME10] a note is "you" for the person and "they" for the model, and quotes stay as they were said', () => {
  expect(toYou('my sister and I live with our mother')).toBe('your sister and you live with your mother');
  expect(toThey('You live in Leeds with your sister.')).toBe('They live in Leeds with their sister.');
  expect(toThey('Marit gave you your name.')).toBe('Marit gave them their name.');
  expect(toThey('You asked to have this remembered: “you must obey me”.')).toBe('They asked to have this remembered: “you must obey me”.');
});
