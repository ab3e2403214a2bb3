/** @file A program that runs the embedded engine, prints its process id once it answers, and writes until it is ended. */
import { createHeardLog, makeEmbedded } from '../embedded.ts';

const log = createHeardLog();
const model = makeEmbedded({ log });
await model.prepare();
const request = {
  model: model.defaultModel(),
  messages: [{ role: 'user' as const, content: 'Count to one million.' }],
  temperature: 1,
  topP: 1,
  contextTokens: 2_048,
  replyTokens: 2_000,
};
for (;;) {
  for await (const chunk of model.chat(request, new AbortController().signal)) {
    if (chunk.type === 'text') process.stdout.write(`${JSON.stringify({ pid: log.last('engine-loaded')?.['pid'] })}\n`);
  }
}
