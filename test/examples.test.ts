/** @file The seed's exchange, as programs of examples/ do it against the running service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScriptedOllama, type ScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { freePort } from './kit/redis.ts';
import { python, runExample, works } from './kit/run-example.ts';
import { type Service, startService, temporaryFolder } from './kit/service.ts';

const hasPython = works(python, '--version');
const pythonMissing = hasPython ? undefined : `${python} is not here`;
const packageMissing =
  pythonMissing ?? (works(python, '-c', 'import websockets') ? undefined : 'the Python package websockets is not here');
const curlMissing = works('curl', '--version') ? undefined : 'curl is not here';

const chats: { name: string; command: string; file: string; missing: string | undefined }[] = [
  { name: 'Node', command: process.execPath, file: 'chat.mjs', missing: undefined },
  { name: 'Python alone', command: python, file: 'chat.py', missing: pythonMissing },
  { name: 'Python with websockets', command: python, file: 'chat_websockets.py', missing: packageMissing },
];
for (const [what, missing] of [...chats.map((one) => [one.name, one.missing]), ['curl', curlMissing]])
  if (missing) console.warn(`SKIPPED: example in ${what}: ${missing}`);

const reply = 'Hello! Sit down — ü, 🐝 — and tell me everything. '.repeat(60).trim();
let ollama: ScriptedOllama;
let service: Service;
let locked: Service;
const folders = [temporaryFolder('examples'), temporaryFolder('examples-locked')];
beforeAll(async () => {
  ollama = await createScriptedOllama({ reply: () => ({ text: reply }) });
  const environment = { OLLAMA_BASE_URL: ollama.url };
  const [first, second] = folders.map(({ path }) => path);
  [service, locked] = await Promise.all([
    startService({ dataFolder: first ?? '', environment: { ...environment, WS_PING_INTERVAL: '0.1', WS_PING_TIMEOUT: '0.5' } }),
    startService({ dataFolder: second ?? '', environment: { ...environment, REQUIRE_TOKEN: 'true' } }),
  ]);
});
afterAll(async () => {
  await Promise.all([service.kill('SIGTERM'), locked.kill('SIGTERM')]);
  await ollama.close();
  for (const folder of folders) folder.remove();
});

describe('the exchange of the seed', () => {
  for (const { name, command, file, missing } of chats) {
    const because = missing ? ` (skipped: ${missing})` : '';
    it.skipIf(missing)(`[X5] in ${name}: both statuses, the reply word by word, the mood; pings are answered${because}`, async () => {
      ollama.setPace({ tokenMs: 3 });
      const { exit, out, complaints } = await runExample(command, file, ['I am so happy, thank you! 🎉'], { PERSONA_URL: service.url });
      expect([exit, complaints]).toEqual([0, '']);
      const [first, second, words, last, end] = out.split('\n');
      expect([first, second, words, end]).toEqual(['status: processing_message', 'status: generating_response', reply, '']);
      const mood = JSON.parse(last?.replace('sentiment: ', '') ?? '') as Record<string, number>;
      expect(Object.keys(mood)).toEqual(['compound', 'positive', 'negative', 'neutral']);
      expect(mood['compound']).toBeGreaterThan(0.5);
      expect(ollama.lastChat().messages.at(-1)?.content).toMatch(/\n\nI am so happy, thank you! 🎉$/);
    });

    it.skipIf(missing)(
      `[X5] in ${name}: a fault, a missing token and a missing service are one sentence each, and the token helps${because}`,
      async () => {
        ollama.setPace({ tokenMs: 0 });
        ollama.next({ kind: 'error-line', after: 0, error: 'no more' });
        const failed = await runExample(command, file, [], { PERSONA_URL: service.url });
        expect(failed.exit).toBe(1);
        expect(failed.complaints).toMatch(/^[a-z-]+: [A-Z][^\n]+\.\n$/);
        const refused = await runExample(command, file, [], { PERSONA_URL: locked.url });
        expect([refused.exit, refused.out, refused.complaints]).toEqual([1, '', expect.stringMatching(/token/)]);
        expect(refused.complaints.trim().split('\n')).toHaveLength(1);
        const allowed = await runExample(command, file, [], { PERSONA_URL: locked.url, PERSONA_TOKEN: locked.token });
        expect([allowed.exit, allowed.complaints]).toEqual([0, '']);
        const nobody = await runExample(command, file, [], { PERSONA_URL: `http://127.0.0.1:${await freePort()}` });
        expect([nobody.exit, nobody.complaints]).toEqual([1, expect.stringContaining('cannot be reached')]);
      },
    );
  }

  it.skipIf(curlMissing)(
    `[X5] with curl: health, and the mood of the seed's own sentence${curlMissing ? ` (skipped: ${curlMissing})` : ''}`,
    async () => {
      const health = await runExample('sh', 'health.sh', [], { PERSONA_URL: service.url });
      expect([health.exit, health.complaints]).toEqual([0, '']);
      expect(JSON.parse(health.out)).toMatchObject({
        status: 'healthy',
        service: 'persona_engine',
        dependencies: { ollama: { state: 'healthy' } },
      });
      const mood = await runExample('sh', 'sentiment.sh', [], { PERSONA_URL: service.url });
      expect([mood.exit, mood.out]).toEqual([0, '{"compound":0.4561,"positive":0.427,"negative":0,"neutral":0.573}']);
      const refused = await runExample('sh', 'sentiment.sh', [], { PERSONA_URL: locked.url });
      expect([refused.exit === 0, refused.out]).toEqual([false, expect.stringContaining('"unauthorized"')]);
      expect((await runExample('sh', 'sentiment.sh', [], { PERSONA_URL: locked.url, PERSONA_TOKEN: locked.token })).exit).toBe(0);
    },
  );
});
