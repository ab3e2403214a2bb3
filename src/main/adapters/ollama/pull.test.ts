/** @file Fetching and removing models through the server. */
import { afterEach, describe, expect, it } from 'vitest';
import { endOf, faultOf, signal, until } from '../../../../test/contracts/model-questions.ts';
import { starterModel, thinkingModel } from '../../../../test/kit/ollama/models.ts';
import { createPair, type Pair } from '../../../../test/kit/ollama/pair.ts';
import { loadTrace } from '../../../../test/kit/ollama/traces.ts';
import type { PullProgress } from '../../engine/models/shelf.ts';
import { createTally } from './pull.ts';

const pairs: Pair[] = [];
async function open(...options: Parameters<typeof createPair>): Promise<Pair> {
  const pair = await createPair(...options);
  pairs.push(pair);
  return pair;
}
afterEach(async () => {
  for (const pair of pairs.splice(0)) await pair.close();
});

async function all(progress: AsyncIterable<PullProgress>): Promise<PullProgress[]> {
  const steps: PullProgress[] = [];
  for await (const step of progress) steps.push(step);
  return steps;
}

describe('fetching', () => {
  it('[O13] progress counts all parts together, and the model answers afterwards', async () => {
    const { model } = await open({ models: [], pullable: [starterModel] });
    expect(model.status().state).toBe('absent');
    const states = new Set<string>();
    model.onStatus((status) => states.add(status.state));
    const ready = until(model, 'ready');
    const steps = await all(model.pull(starterModel.name, signal()));
    const last = steps.at(-1);
    expect(last).toMatchObject({ status: 'success', doneBytes: starterModel.sizeBytes + 209, totalBytes: starterModel.sizeBytes + 209 });
    expect(steps.every((step) => step.doneBytes <= (step.totalBytes ?? 0))).toBe(true);
    await ready;
    expect(states).toContain('installing');
  });

  it('[O13] a name that the registry does not know is looked for on the hub', async () => {
    const name = thinkingModel.name.replace('hf.co/', '');
    const { model, scripted } = await open({ models: [], pullable: [thinkingModel] }, { model: name });
    const ready = until(model, 'ready');
    await all(model.pull(name, signal()));
    const asked = scripted.requests.filter((record) => record.path === '/api/pull').map((record) => (record.body as { name: string }).name);
    expect(asked).toEqual([name, `hf.co/${name}`]);
    expect((await ready).model).toBe(thinkingModel.name);
  });

  it.each([
    ['pull-not-found', 'model-missing'],
    ['pull-bad-name', 'model-missing'],
    ['pull-unreachable-registry', 'download-failed'],
    ['pull-digest-mismatch', 'download-failed'],
    ['pull-forbidden', 'download-failed'],
  ] as const)('[O13] %s of both generations is %s', async (name, code) => {
    for (const generation of ['0.24', '0.33'] as const) {
      const { model, scripted } = await open({ generation });
      scripted.next({ kind: 'trace', trace: loadTrace(generation, name), speed: 0 }, '/api/pull');
      const fault = await faultOf(all(model.pull('localhost:5000/test/model:tag', signal())));
      expect(fault.code).toBe(code);
      expect(fault.message).toMatch(/^[A-Z].{20,290}\.$/);
    }
  });

  it('[O13] a recorded download that was resumed ends well', async () => {
    const { model, scripted } = await open();
    scripted.next({ kind: 'trace', trace: loadTrace('0.33', 'pull-resumed'), speed: 0 }, '/api/pull');
    const steps = await all(model.pull('localhost:5000/test/model:tag', signal()));
    expect(steps.length).toBeGreaterThan(20);
    expect(steps.at(-1)?.status).toBe('success');
  });

  it('[O13] calling it off ends it at once and tells the server', async () => {
    const { model, scripted } = await open({ pullable: [thinkingModel], pace: { pullLineMs: 50 } });
    const control = new AbortController();
    const running = endOf(
      (async () => {
        for await (const step of model.pull(thinkingModel.name, control.signal)) if (step.doneBytes > 0) control.abort();
      })(),
    );
    expect((await running).fault?.code).toBe('cancelled');
    await scripted.waitFor((record) => record.path === '/api/pull' && record.closedByClientAt !== undefined);
    expect(model.status().progress).toBeUndefined();
  });

  it('[O13] a part that falls back is told as it is, and never more than there is', () => {
    const tally = createTally();
    tally({ status: 'a', digest: '1', total: 100, completed: 80 });
    expect(tally({ status: 'a', digest: '1', total: 100, completed: 30 })).toMatchObject({ doneBytes: 30, totalBytes: 100 });
    expect(tally({ status: 'b', digest: '2', total: 10, completed: 99 })).toMatchObject({ doneBytes: 40, totalBytes: 110 });
    expect(tally({ status: 'verifying' })).toMatchObject({ doneBytes: 40, totalBytes: 110 });
  });
});

describe('removing', () => {
  it('[O14] a model goes under its own name, whatever case it is called in, and what is not there is said', async () => {
    const { model, scripted } = await open();
    await model.remove('SmolLM2:135M', signal());
    expect(scripted.models).toHaveLength(0);
    expect(model.status().state).toBe('absent');
    expect((await faultOf(model.remove(starterModel.name, signal()))).code).toBe('model-missing');
  });
});
