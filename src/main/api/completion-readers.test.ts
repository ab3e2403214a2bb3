import { describe, expect, it } from 'vitest';
import { connectRaw, openTestDoor } from '../../../test/kit/test-door.ts';
import { UNSENT_BYTES } from '../../shared/limits.ts';

const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello?' }] };

describe('readers of a streamed completion', () => {
  it('[Q12] a reader that does not read is cut off, and one that reads late finds every word in fewer pieces', async () => {
    const byHand = await openTestDoor();
    const most = 400 * UNSENT_BYTES;
    const said = { bytes: 0, ended: false };
    byHand.engine.answers = async function* (_question, signal) {
      for (; !signal.aborted && said.bytes < most; said.bytes += 16_384) {
        yield { type: 'text', text: 'x'.repeat(16_384) };
        await new Promise(setImmediate);
      }
      said.ended = signal.aborted;
    };
    const body = JSON.stringify({ ...hello, stream: true });
    const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${byHand.port}\r\nContent-Type: application/json\r\n`;
    const request = `${head}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const deaf = await connectRaw(byHand.port);
    deaf.socket.pause().write(request);
    await expect.poll(() => said.ended || said.bytes >= most, { timeout: 20_000 }).toBe(true);
    expect(said.ended).toBe(true);
    deaf.socket.destroy();

    const pieces = 40_000;
    let over = false;
    byHand.engine.answers = async function* () {
      for (let piece = 0; piece < pieces; piece++) yield { type: 'text', text: `${piece} ` };
      yield { type: 'done', finish: 'stop', usage: { promptTokens: 1, replyTokens: pieces } };
      over = true;
    };
    const late = await connectRaw(byHand.port);
    late.socket.pause().write(request);
    await expect.poll(() => over, { timeout: 20_000 }).toBe(true);
    late.socket.resume();
    const stream = await late.all;
    const chunks = [...stream.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(chunks.join('')).toBe(Array.from({ length: pieces }, (_, piece) => `${piece} `).join(''));
    expect(chunks.length).toBeLessThan(pieces);
    expect(stream).toContain('data: [DONE]');
    await byHand.close();
  });
});
