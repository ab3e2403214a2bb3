/** @file The rolling summary: asked for before it is needed, on the conversation's own prompt, and told truthfully afterwards. */
import { afterEach, describe, expect, it } from 'vitest';
import { openInspectHouse } from '../../../test/kit/inspect-house.ts';
import { BACKGROUND_AFTER_MS } from '../../shared/limits.ts';

const open: (() => Promise<void>)[] = [];
async function house() {
  const server = {
    reply: (message: string) => ({ text: message.startsWith('Step out') ? 'They spoke of turns.' : 'Yes, and then some more of it.' }),
  };
  const made = await openInspectHouse({ generation: { contextTokens: 1_536, maxTokens: 128 } }, server);
  open.push(made.close);
  // What is learnt for the memory is asked for in the same silence, and is no matter here.
  made.engine.settings.change({ memory: { on: false } });
  let turns = 0;
  const talk = async () => (await made.say(`Turn ${++turns}: ${'tell me more of it, please. '.repeat(4)}`)).reply;
  /** Twenty silent seconds; waits for the summary where one was asked for. */
  const silence = async () => {
    const asked = made.ollama.chats().length;
    made.clock.advance(BACKGROUND_AFTER_MS);
    for (let step = 0; step < 50; step++) await new Promise((resolve) => setImmediate(resolve));
    if (made.ollama.chats().length === asked) return;
    await expect.poll(() => made.store.summaries(made.id).length, { interval: 2, timeout: 20_000 }).toBeGreaterThan(0);
  };
  return { ...made, talk, silence };
}
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe('the rolling summary', { timeout: 60_000 }, () => {
  it('[SU1] is asked for before anything is trimmed, stands above the first message once it is, and stays there', async () => {
    const { talk, silence, store, id, ollama, explain } = await house();
    let trimmedBefore = 0;
    let summed: string | undefined;
    for (let turn = 0; turn < 40 && summed === undefined; turn++) {
      const reply = await talk();
      if (store.summaries(id).length === 0) {
        trimmedBefore += reply.report?.historyTrimmed ? 1 : 0;
        await silence();
      }
      if (reply.report?.sent?.summaryId !== undefined) summed = reply.id;
    }
    expect(trimmedBefore).toBe(0);
    expect(store.summaries(id)).toMatchObject([{ text: 'They spoke of turns.' }]);
    const { messages } = ollama.lastChat();
    expect(messages[1]?.content).toMatch(/^<memory>\nWhat was said before this, in short:\nThey spoke of turns\.\n<\/memory>\n\n/);
    const explained = explain(summed ?? '');
    expect(explained.faithful).toBe('exact');
    expect(explained.sections.find((section) => section.id === 'summary')).toMatchObject({ position: { message: 1 } });
    await talk();
    expect(ollama.lastChat().messages.slice(0, messages.length)).toEqual(messages);
  });

  it('[SU2] of another branch is never used', async () => {
    const { talk, store, id, say } = await house();
    const first = await talk();
    const second = await talk();
    store.addSummary(id, { id: 'other', throughId: second.id, text: 'Of a branch that was left.' }, 0);
    await say('', first.parentId ?? '');
    let trimmed = 0;
    for (let turn = 0; turn < 25; turn++) {
      const { report } = await talk();
      expect(report?.sent?.summaryId).toBeUndefined();
      trimmed += report?.historyTrimmed ? 1 : 0;
    }
    expect(trimmed).toBeGreaterThan(3);
  });
});
