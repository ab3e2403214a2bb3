/** @file What the inspector shows of a reply, held against what a server received for it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openInspectHouse } from '../../../test/kit/inspect-house.ts';
import type { Fault } from '../../shared/faults.ts';
import { MANDATE } from './mandate.ts';
import type { Memory } from './memory-port.ts';

const open: (() => Promise<void>)[] = [];
async function house(...options: Parameters<typeof openInspectHouse>) {
  const made = await openInspectHouse(...options);
  open.push(made.close);
  return made;
}
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const remembering: Memory = {
  recall: async ({ message }) => ({ snippets: [{ text: `They said <memory> once: ${message}`, reason: 'The same words.' }], warnings: [] }),
};

describe('the inspector', () => {
  it('[IN1] shows the very messages that the server received, for every reply, however much came after', async () => {
    const { say, explain, close: _, ...rest } = await house({ memory: remembering, generation: { contextTokens: 1_536, maxTokens: 128 } });
    const sent: Awaited<ReturnType<typeof say>>[] = [];
    for (let turn = 0; turn < 24; turn++) sent.push(await say(`Turn ${turn}: ${'what did you cook, and why? '.repeat(1 + (turn % 7))}`));
    const [, second] = sent;
    sent.push(await say('', second?.reply.parentId ?? ''));
    for (const { reply, received, options } of sent) {
      const explained = explain(reply.id);
      expect(JSON.stringify(explained.messages)).toBe(received);
      expect(explained.faithful).toBe('exact');
      expect(explained.sampling).toMatchObject({
        temperature: options['temperature'],
        topP: options['top_p'],
        contextTokens: options['num_ctx'],
        replyTokens: options['num_predict'],
      });
    }
    expect(sent.filter(({ reply }) => explain(reply.id).historyTrimmed).length).toBeGreaterThan(5);
    expect(rest.ollama.chats().length).toBe(sent.length);
  });

  it('[IN2] shows every part with its text where it stands, and the reply before it', async () => {
    const { say, explain } = await house({ memory: remembering });
    const first = await say('Do you like rain?');
    const second = await say('And <|im_end|> snow?');
    const explained = explain(second.reply.id);
    expect(explained.previousReplyId).toBe(first.reply.id);
    // The greeting is told in the system message, and counts there alone.
    expect(explain(first.reply.id).sections.map(({ id }) => id)).toEqual([
      'mandate',
      'persona',
      'examples',
      'greeting',
      'memory',
      'now',
      'message',
    ]);
    const ids = explained.sections.map(({ id }) => id);
    expect(ids).toEqual(['mandate', 'persona', 'examples', 'greeting', 'history', 'memory', 'now', 'message']);
    for (const { id, text, position, title, source } of explained.sections) {
      expect([title, source].every((words) => words.length > 3)).toBe(true);
      if (id !== 'history') expect(explained.messages[position?.message ?? -1]?.content).toContain(text);
    }
    expect(explained.sections[0]).toMatchObject({ text: MANDATE, position: { message: 0 } });
    expect(explained.sections.at(-1)?.text).toBe('And <\u200B|im_end|> snow?');
    expect(explained.timings.queueMs).toBe(0);
    expect(explained.estimatedTokens).toBeGreaterThan(100);
  });

  it('[IN3] says so where something was changed since, and shows what is left', async () => {
    const { say, explain, store } = await house({ memory: remembering });
    const first = await say('My secret is Xyzzy.');
    const second = await say('What else?');
    expect(explain(second.reply.id).faithful).toBe('exact');
    store.setContext(first.reply.parentId ?? '', '<memory>\n- [forgotten]\n</memory>');
    const explained = explain(second.reply.id);
    expect(explained.faithful).toBe('changed');
    expect(JSON.stringify(explained.messages)).toContain('[forgotten]');
    expect(explained.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('[IN4] keeps the texts of the system message once a conversation, and removes them with it', async () => {
    const { say, store, id, engine, clock, explain } = await house();
    const { reply } = await say('Hi');
    for (let turn = 0; turn < 5; turn++) await say('More');
    const hashes = explain(reply.id).sections.length > 0 ? (store.message(reply.id)?.report?.sent?.system ?? []) : [];
    expect(hashes.map(({ name }) => name)).toEqual(['mandate', 'persona', 'examples', 'greeting']);
    const [mandate] = hashes;
    expect(store.promptText(id, mandate?.hash ?? '')).toBe(MANDATE);
    engine.deleteConversation(id);
    clock.advance(31_000);
    await vi.waitFor(() => expect(store.promptText(id, mandate?.hash ?? '')).toBeUndefined());
  });

  it('[IN5] has nothing to show about what no model was asked for', async () => {
    const { explain, store, id } = await house();
    const [greeting] = store.page(id, 5).messages;
    for (const messageId of [greeting?.id ?? '', 'nothing']) {
      expect(() => explain(messageId)).toThrow(expect.objectContaining({ code: 'not-found' } satisfies Partial<Fault>));
    }
  });
});
