/** @file The parts of memory put together for the engine: in the person's hands, forgetting, learning, and recall over all of it. */

import { createForgetting, type ForgettingPart, type ForgettingPorts } from './forgetting.ts';
import { createLearning, type LearningPorts } from './learning.ts';
import { createMemories, type Memories, type MemoryPorts } from './memories.ts';
import { memoryItem } from './memory-item.ts';
import { createRulesReady } from './rules-ready.ts';

/** What the doors may ask. */
export type EngineMemories = Memories & Pick<ForgettingPart, 'forget' | 'forgetMessage' | 'keep'>;

export type HouseMemory = {
  memories: EngineMemories;
  /** A turn ended. */
  learnt(conversationId: string): void;
  /** Memory was switched on or off. */
  switched(on: boolean): void;
  deleted(conversationId: string, memories: 'keep' | 'forget'): void;
  restored(conversationId: string): void;
  companionDeleted(characterId: string): void;
  companionRestored(characterId: string): void;
  isForgetting(): boolean;
  close(): Promise<void>;
};

/** Memories that are handed to recall in one go at the start. */
const PAGE = 50;

/** Page by page, since all at once would hold up whoever comes first. */
function fillIndex({ notes, index, clock, log }: MemoryPorts, isClosed: () => boolean): void {
  const from = (after: number, count: number) => {
    if (isClosed()) return;
    try {
      put(after, count);
    } catch (cause) {
      // Recall goes without the rest; what is said is remembered all the same.
      log.error('memories-not-indexed', { cause });
    }
  };
  const put = (after: number, count: number) => {
    const page = notes.recallable(after, PAGE);
    index.put(page.memories.flatMap(({ messageId, ...memory }) => memoryItem(notes, memory, messageId) ?? []));
    const { next } = page;
    const soFar = count + page.memories.length;
    if (next === undefined) log.debug('memories-indexed', { count: soFar });
    else clock.soon(() => from(next, soFar));
  };
  from(0, 0);
}

/** `enabled`: whether anything may be learnt now. */
export function createHouseMemory(ports: LearningPorts & ForgettingPorts): HouseMemory {
  const forgetting = createForgetting(ports);
  const memories = createMemories({ ...ports, deletions: forgetting.deletions });
  const learning = createLearning(ports);
  const rules = createRulesReady(ports.clock, ports.busy);
  const { log } = ports;
  let closed = false;
  // Nobody's first window waits for this.
  const cancel = ports.clock.after(0, () => {
    fillIndex(ports, () => closed);
    forgetting.begin();
    if (ports.enabled()) rules.whenReady(learning.begin);
  });
  const waiting = new Set<string>();
  let cancelNext: (() => void) | undefined;
  let isOn = ports.enabled();
  const learn = (conversationId: string, how: 'afterTurn' | 'read' = 'afterTurn') => {
    waiting.delete(conversationId);
    try {
      if (learning[how](conversationId)) waiting.add(conversationId);
    } catch (error) {
      // A reply is never lost for what could not be noted about it.
      log.error('learning-failed', { cause: error });
    }
  };
  const learnAll = (conversationId: string) => {
    do learn(conversationId);
    while (waiting.has(conversationId));
  };
  /** One conversation at a time, so that replies go on between them where many turns end at once. */
  const next = () => {
    const [first] = waiting;
    if (first !== undefined) learn(first);
    cancelNext = waiting.size > 0 ? ports.clock.after(0, next) : undefined;
  };
  const soon = () => {
    cancelNext ??= ports.clock.after(0, next);
  };
  return {
    memories: { ...memories, forget: forgetting.forget, forgetMessage: forgetting.forgetMessage, keep: forgetting.keep },
    learnt(conversationId) {
      waiting.add(conversationId);
      if (ports.enabled()) rules.whenReady(soon);
      else soon();
    },
    switched(on) {
      // Said while it was on.
      if (isOn && !on) for (const conversationId of [...waiting]) learn(conversationId, 'read');
      isOn = on;
    },
    deleted: (conversationId, what) => {
      if (waiting.has(conversationId)) learnAll(conversationId);
      if (what === 'forget') forgetting.forgetWith(conversationId);
    },
    restored: (conversationId) => forgetting.keepWith(conversationId),
    companionDeleted: (characterId) => forgetting.forgetHolder(characterId),
    companionRestored: (characterId) => forgetting.keepHolder(characterId),
    isForgetting: forgetting.isForgetting,
    async close() {
      closed = true;
      cancel();
      rules.close();
      cancelNext?.();
      for (const conversationId of [...waiting]) learnAll(conversationId);
      learning.close();
      await forgetting.close();
    },
  };
}
