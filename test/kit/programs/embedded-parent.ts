/** @file A program in which the embedded engine reads a prompt that takes it a good while; prints the engine's process id once it does. */
import { longPrompt } from '../../contracts/model-questions.ts';
import { createHeardLog, makeEmbedded } from '../embedded.ts';

const log = createHeardLog();
const model = makeEmbedded({ log });
await model.prepare();
const request = {
  model: model.defaultModel(),
  messages: [{ role: 'user' as const, content: longPrompt(4_000) }],
  temperature: 1,
  topP: 1,
  contextTokens: 8_192,
  replyTokens: 16,
};
for await (const chunk of model.chat(request, new AbortController().signal)) {
  if (chunk.type === 'stage' && chunk.stage === 'reading')
    process.stdout.write(`${JSON.stringify({ pid: log.last('engine-loaded')?.['pid'] })}\n`);
}
