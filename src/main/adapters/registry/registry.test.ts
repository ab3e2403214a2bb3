/** @file Asking a registry about a model before anything of it is fetched. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry as createScripted, layerBytes } from '../../../../test/kit/ollama/registry.ts';
import { addressesOf } from './model-address.ts';
import { createRegistry } from './registry.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const signal = () => new AbortController().signal;
const MIT = 'MIT License\n\nCopyright (c) somebody';

async function open() {
  const layers = [
    { mediaType: 'application/vnd.ollama.image.model', content: layerBytes(400_000, 3) },
    { mediaType: 'application/vnd.ollama.image.license', content: Buffer.from(MIT) },
  ];
  const scripted = await createScripted([{ name: 'known', layers }], { bytesPerSecond: 1e9, pieceBytes: 65_536 });
  closing.push(() => scripted.close());
  return scripted;
}

/** A server that answers everything in one way. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve()) && server.closeAllConnections()));
  return `localhost:${(server.address() as AddressInfo).port}/test/model:latest`;
}

describe('a registry', () => {
  it.each([
    ['llama3.2', ['https://registry.ollama.ai/v2/library/llama3.2 latest']],
    ['qwen3:8b', ['https://registry.ollama.ai/v2/library/qwen3 8b']],
    ['a/b:Q4', ['https://registry.ollama.ai/v2/a/b Q4', 'https://hf.co/v2/a/b Q4']],
    ['hf.co/a/b:Q4', ['https://hf.co/v2/a/b Q4']],
    ['localhost:5000/a/b', ['http://localhost:5000/v2/a/b latest']],
    ['../../etc/passwd', []],
    ['a/../b', []],
    ['a//b', []],
  ])('[MD14] %s is asked for as Ollama asks for it', (name, expected) => {
    expect(addressesOf(name).map(({ base, tag }) => `${base} ${tag}`)).toEqual(expected);
  });

  it('[MD14] tells the size of all its files and the text of its licence, and fetches nothing else', async () => {
    const scripted = await open();
    const entry = await createRegistry().lookUp(scripted.nameOf('known'), signal());
    expect(entry).toMatchObject({ found: scripted.nameOf('known'), licences: [{ name: 'MIT', text: MIT }] });
    expect(entry.bytes).toBeGreaterThan(400_000 + MIT.length);
    expect(entry.layers[0]?.bytes).toBe(400_000);
    expect(scripted.sent()).toBe(MIT.length);
  });

  it('[MD14] a name that it does not have is missing; one that cannot be asked, answers nonsense or too much, is said to be so', async () => {
    const scripted = await open();
    const { lookUp } = createRegistry();
    await expect(lookUp(scripted.nameOf('unknown'), signal())).rejects.toMatchObject({ code: 'model-missing' });
    await expect(lookUp('localhost:1/a/b', signal())).rejects.toMatchObject({ code: 'download-failed' });
    for (const [status, body] of [
      [200, '<html>'],
      [200, '{"layers":[]}'],
      [500, 'oops'],
      [401, '{}'],
      [200, 'x'.repeat(2_000_000)],
    ] as const) {
      await expect(lookUp(await answering(status, body), signal())).rejects.toMatchObject({ code: 'download-failed' });
    }
    await expect(lookUp(await answering(200, '{}'), AbortSignal.abort())).rejects.toThrow();
  });
});
