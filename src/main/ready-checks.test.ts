/** @file What is worked out beforehand, so that no command waits for it. */
import { expect, it } from 'vitest';
import { commandSchema } from '../shared/commands.ts';
import { readyChecks } from './ready-checks.ts';

/** A schema keeps as its own what it has worked out (zod/v4/core, defineLazyInternal). */
const workedOut = () => commandSchema.options.map((option) => Object.hasOwn(option._zod, 'propValues'));

it('[N12] every command is told from the others beforehand, not when the first one comes', () => {
  expect(workedOut()).not.toContain(true);
  readyChecks([commandSchema]);
  expect(workedOut()).not.toContain(false);
});
