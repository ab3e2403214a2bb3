/** @file Every lie that HTTP can carry, told to whoever looks whether a dependency is there: what /health says of it. */
import { describe, it } from 'vitest';
import { createProbe } from '../../src/main/adapters/neighbours/probe.ts';
import { openServiceLine } from '../../src/main/adapters/neighbours/service-line.ts';
import { createOllamaModel } from '../../src/main/adapters/ollama/model.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { createLiar, type Lie, lies } from '../kit/liar.ts';
import { showBody, starterModel, tagsBody } from '../kit/ollama/models.ts';
import { silentLog } from '../kit/silent-log.ts';

const within = { timeout: 20_000, interval: 20 };
const nowhere = 'http://127.0.0.1:9/';

/** The verdicts, written out: the model server's state and its fault, and the state of a neighbour that is merely looked at. */
const expected: Record<Lie, [ollama: string, neighbour: 'healthy' | 'degraded' | 'unhealthy']> = {
  none: ['ready', 'healthy'],
  slow: ['ready', 'healthy'],
  silence: ['failed model-timeout', 'unhealthy'],
  'headers never end': ['failed model-timeout', 'unhealthy'],
  'headers break off': ['failed model-crashed', 'unhealthy'],
  'half and silence': ['failed model-timeout', 'healthy'],
  'half and gone': ['failed model-crashed', 'healthy'],
  reset: ['failed model-crashed', 'unhealthy'],
  'status 500': ['failed model-failed', 'degraded'],
  'status 204': ['failed model-failed', 'healthy'],
  redirect: ['failed model-failed', 'healthy'],
  'other content type': ['ready', 'healthy'],
  'no content type': ['ready', 'healthy'],
  'login page': ['failed model-failed', 'healthy'],
  noise: ['failed model-failed', 'healthy'],
  'no UTF-8': ['failed model-failed', 'healthy'],
  'another schema': ['failed model-failed', 'healthy'],
  'a list of nothing': ['failed model-failed', 'healthy'],
  huge: ['failed model-failed', 'healthy'],
  'a length of a terabyte': ['failed model-failed', 'healthy'],
  'gzip bomb': ['failed model-failed', 'healthy'],
  'not HTTP': ['failed model-offline', 'unhealthy'],
  'HTTP/1.0': ['ready', 'healthy'],
  'two lengths': ['failed model-offline', 'unhealthy'],
  'a broken chunk': ['failed model-crashed', 'healthy'],
  'one byte at a time': ['starting', 'healthy'],
  'hints first': ['ready', 'healthy'],
};

const answers: Record<string, object> = {
  '/api/version': { version: '0.33.0' },
  '/api/tags': tagsBody([starterModel], '0.33'),
  '/api/show': showBody(starterModel, '0.33'),
  '/api/ps': { models: [] },
};
const truthOf = (path: string) => ({ type: 'application/json', body: JSON.stringify(answers[path] ?? {}) });

describe('lies told to who looks', () => {
  it.concurrent.for(lies)(
    '[X9] Ollama at its first look, and once it is honest again: %s',
    { timeout: 60_000 },
    async (lie, { expect }) => {
      const told = { lie: lie as Lie };
      const liar = await createLiar({ elsewhere: nowhere, answer: ({ path }) => ({ lie: told.lie, truth: truthOf(path) }) });
      const model = createOllamaModel({ baseUrl: liar.url, model: starterModel.name, silenceMs: 30_000, log: silentLog, fixed: true });
      try {
        const state = () => [model.status().state, model.status().fault?.code].filter((one) => one !== undefined).join(' ');
        await expect.poll(state, within).toBe(expected[lie][0]);
        const { fault, reason } = model.status();
        expect(fault?.message ?? reason).toMatch(/^[A-Z].{9,298}\.$/);
        told.lie = 'none';
        await expect.poll(state, within).toBe('ready');
      } finally {
        await model.close();
        await liar.close();
      }
    },
  );

  it.concurrent.for(lies)('[X9] a neighbour that is looked at: %s', { timeout: 60_000 }, async (lie, { expect }) => {
    const liar = await createLiar({ elsewhere: nowhere, answer: () => ({ lie, truth: truthOf('/api/version') }) });
    const line = openServiceLine(liar.url);
    const clock = createFakeClock();
    const probe = createProbe({ name: 'character_manager', line, clock, log: silentLog });
    try {
      const { state } = probe.latest();
      expect(state).toBe('degraded');
      await expect.poll(() => liar.asked[0]?.leftAt, within).toBeDefined();
      await expect.poll(() => probe.latest().reason, within).not.toBe('It is being looked for.');
      expect(probe.latest().state).toBe(expected[lie][1]);
    } finally {
      probe.close();
      await line.close();
      await liar.close();
    }
  });
});
