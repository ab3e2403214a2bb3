/** @file The engine's process when it misbehaves: programs of our own stand in its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHeardLog, embeddedOptions } from '../../../../test/kit/embedded.ts';
import type { Fault } from '../../../shared/faults.ts';
import type { ModelRequest } from '../../engine/ports.ts';
import { startEngine } from './engine-process.ts';

const request: ModelRequest = { model: '', messages: [], temperature: 1, topP: 1, contextTokens: 512, replyTokens: 8 };
const info = { name: 'x', size: '', family: 'llama', quantisation: '', contextTokens: 512, threads: 1 };
const loads = `process.send({ type: 'loaded', info: ${JSON.stringify(info)} });`;
const stays = `setInterval(() => undefined, 1_000); process.on('disconnect', () => undefined);`;

describe('engine process', () => {
  let folder: string;
  let log: ReturnType<typeof createHeardLog>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'persona-process-'));
    log = createHeardLog();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (program: string, signal = new AbortController().signal) => {
    writeFileSync(join(folder, 'engine.mjs'), program);
    return startEngine({ ...embeddedOptions, toolFolder: folder, modules: '', modelPath: '', log }, signal);
  };
  const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
    const end = await promise.then(
      () => undefined,
      (error: Fault) => error,
    );
    if (!end) throw new Error('It ended well where a fault was due.');
    return end;
  };

  it('[E50] a message that is not of the protocol ends it, and whoever waits hears so', async () => {
    const engine = await start(
      `${loads} process.on('message', (m) => m.type === 'chat' && process.send({ id: m.id, type: 'text', text: 5 })); ${stays}`,
    );
    const exchange = engine.ask({ type: 'chat', request });
    expect(await exchange.next()).toEqual({ type: 'gone' });
    await engine.ended;
    expect(log.last('engine-message-malformed')).toEqual({ issues: ['text'] });
    expect(log.last('engine-ended')).toEqual({ how: 'ended with SIGKILL' });
    expect(await engine.ask({ type: 'chat', request }).next()).toEqual({ type: 'gone' });
    await engine.close();
  });

  it('[E51] one that does not go by itself is ended', async () => {
    const engine = await start(`${loads} ${stays}`);
    await engine.close();
    expect(log.last('engine-ended')).toEqual({ how: 'ended with SIGKILL' });
  });

  it('[E52] one that ends before the model is loaded says why; later complaints are not kept', async () => {
    const fault = await faultOf(start(`process.stderr.write('no such library'); process.exitCode = 3; process.disconnect();`));
    expect(fault.code).toBe('model-loading-failed');
    expect(fault.detail).toBe('ended with 3\nno such library');
  });

  it('[E53] calling off the start leaves no process', async () => {
    const control = new AbortController();
    const starting = faultOf(start(stays, control.signal));
    control.abort();
    expect((await starting).code).toBe('cancelled');
    expect(log.last('engine-ended')).toBeDefined();
  });

  it('[E54] its environment holds nothing of ours but what a program needs', async () => {
    process.env['API_TOKEN'] = 'secret';
    try {
      const engine = await start(
        `process.send({ type: 'loaded', info: { ...${JSON.stringify(info)}, name: Object.keys(process.env).sort().join(' ') } }); ${stays}`,
      );
      expect(engine.info.name).not.toContain('API_TOKEN');
      expect(engine.info.name).toContain('PATH');
      await engine.close();
    } finally {
      delete process.env['API_TOKEN'];
    }
  });
});
