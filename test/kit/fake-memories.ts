/** @file Memories of an engine that is played by hand: nothing is remembered, and every call is counted. */
import type { EngineMemories } from '../../src/main/engine/memory/house-memory.ts';
import { Fault } from '../../src/shared/faults.ts';

export function createFakeMemories(reach: () => void): EngineMemories {
  const none = (): never => {
    reach();
    throw new Fault('not-found', 'This is not remembered any more; nothing was changed.');
  };
  return {
    list: () => {
      reach();
      return { memories: [], found: 0, counts: { notes: 0, summaries: 0, superseded: 0, pinned: 0 }, holders: [] };
    },
    show: none,
    add: none,
    change: none,
    forget: none,
    forgetMessage: none,
    keep: none,
    rememberConversation: reach,
    exportPage: () => {
      reach();
      return { memories: [] };
    },
    importPage: (_, { length }) => {
      reach();
      return Promise.resolve({ added: length, known: 0 });
    },
  };
}
