/** @file What every implementation of the `Store` port promises, wherever it keeps its rows. */
import { afterEach, describe } from 'vitest';
import type { Store } from '../../src/main/engine/ports.ts';
import { conversations, lists, removal, smallThings } from './store-conversations.ts';
import { branches, paths } from './store-paths.ts';
import { steering } from './store-steering.ts';
import { ends, texts, turns } from './store-turns.ts';

type StoreUnderTest = { store: Store; cleanup(): void };

/** The factory makes an empty store that writes outbox rows; it is closed after each test. */
export function registerStoreSuite(name: string, factory: () => StoreUnderTest): void {
  describe(`Store port: ${name}`, () => {
    const open: StoreUnderTest[] = [];
    const under = () => {
      const made = factory();
      open.push(made);
      return made.store;
    };
    afterEach(() => {
      for (const made of open.splice(0)) {
        made.store.close();
        made.cleanup();
      }
    });
    for (const part of [conversations, lists, turns, ends, branches, paths, steering, texts, removal, smallThings]) part(under);
  });
}
