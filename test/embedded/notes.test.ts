/** @file Notes on the embedded engine with the real starter model: the form of the answer, how long it takes, how soon it is let go. Its quality is not looked at. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedModel } from '../../src/main/adapters/embedded/embedded-model.ts';
import { readLearntNotes } from '../../src/main/engine/memory/learnt.ts';
import { notesInstruction } from '../../src/main/engine/memory/note-instruction.ts';
import type { ModelRequest } from '../../src/main/engine/ports.ts';
import { learntAnswerSchema, learntNotesFormat } from '../../src/shared/learning.ts';
import { collect, faultOf, signal, until } from '../contracts/model-questions.ts';
import { makeEmbedded, whyNoEmbedded } from '../kit/embedded.ts';

const skip = await whyNoEmbedded();
/** The figure of every abort is 500 ms; a verdict needs ten times as much. */
const LET_GO_MS = 5_000;

const messages = ['I live in Leeds with my dog Biscuit.', 'My sister Marit is a nurse.'].map((text, index) => ({
  id: `m${index}`,
  number: index + 1,
  conversationId: 'c',
  at: index,
  text,
}));

describe.skipIf(skip !== undefined)(`notes on the embedded engine${skip ? ` (skipped: ${skip})` : ''}`, { timeout: 400_000 }, () => {
  let model: EmbeddedModel;
  const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
    model: model.defaultModel(),
    messages: [
      { role: 'system', content: 'You are Sarah, a candid companion.' },
      { role: 'user', content: messages.map(({ text }) => text).join(' ') },
      { role: 'assistant', content: 'How nice.' },
      { role: 'user', content: notesInstruction(messages, [{ id: 'k', text: 'You live in York.' }]) },
    ],
    temperature: 0.2,
    topP: 0.9,
    contextTokens: 4_096,
    replyTokens: 160,
    format: learntNotesFormat,
    ...more,
  });
  beforeAll(async () => {
    model = makeEmbedded();
    await model.prepare();
    await until(model, 'ready');
  }, 120_000);
  afterAll(() => model.close());

  it('[ME35] an answer has the form of the schema, and each note that is kept has its sentence among the person’s words', async () => {
    const began = performance.now();
    const known = [{ id: 'k', text: 'You live in York.' }];
    const { text } = await collect(model.chat(request({ seed: 1 }), signal()));
    // The grammar lets white space follow; what is whole is told by the JSON, not by why the writing ended.
    const learnt = readLearntNotes(text, messages, known);
    console.log(
      `notes on the starter model: ${Math.round(performance.now() - began)} ms, ${learnt?.drafts.length} kept, dropped ${JSON.stringify(learnt?.dropped)}`,
    );
    expect(learntAnswerSchema.safeParse(JSON.parse(text)).success).toBe(true);
    for (const { quote } of learnt?.drafts ?? []) expect(messages.some((message) => message.text.includes(quote))).toBe(true);
    expect(learnt?.dropped['form'] ?? 0).toBe(0);
  });

  it('[ME36] is let go while it writes under the grammar', async () => {
    const stop = new AbortController();
    let stoppedAt = 0;
    const reading = (async () => {
      for await (const chunk of model.chat(request({ seed: 7 }), stop.signal)) {
        if (chunk.type !== 'text' || stoppedAt > 0) continue;
        stoppedAt = performance.now();
        stop.abort();
      }
    })();
    await faultOf(reading);
    const took = performance.now() - stoppedAt;
    console.log(`notes let go after ${Math.round(took)} ms`);
    expect(stoppedAt).toBeGreaterThan(0);
    expect(took).toBeLessThan(LET_GO_MS);
  });
});
