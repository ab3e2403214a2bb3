/** @file Provably offline: everything the service does, in a network namespace that has only loopback, and with every connect written down. */
import { existsSync, readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEnginePackage } from '../../src/main/adapters/embedded/engine-package.ts';
import { createStarterModel } from '../../src/main/adapters/embedded/starter-model.ts';
import { routes } from '../../src/main/api/routes.ts';
import { shell } from '../kit/dockerfile.ts';
import { embeddedOptions } from '../kit/embedded.ts';
import { runAlone, whyNoNamespace } from '../kit/namespace.ts';
import type { OfflineReport, Reached } from '../kit/programs/offline.ts';
import { temporaryFolder } from '../kit/service.ts';

const root = resolve(import.meta.dirname, '../..');
const programs = resolve(import.meta.dirname, '../kit/programs');
const reason = whyNoNamespace();
const folder = temporaryFolder('reach-out');
afterAll(folder.remove);
// Does nothing where out/ is of these sources, as it is in npm test.
beforeAll(() => {
  const { PATH = '', HOME = '' } = process.env;
  shell(`"${process.execPath}" scripts/build.mjs`, root, { PATH, HOME });
});

/** This machine, by number, by name, or by a file. */
const isHere = ({ host }: { host: string }) =>
  (isIPv4(host) && host.startsWith('127.')) || host === '::1' || host === 'localhost' || host.startsWith('/');

async function report(environment: Record<string, string> = {}): Promise<OfflineReport> {
  const { code, stdout, stderr } = await runAlone(join(programs, 'offline.ts'), {
    OFFLINE_ENTRY: join(root, 'out/main/headless.js'),
    ...environment,
  });
  const found = /^REPORT (.*)$/m.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`ended with ${code}: ${stdout}\n${stderr}`);
  const read = JSON.parse(found) as OfflineReport;
  for (const one of read.skipped) console.warn(`SKIPPED: offline: ${one}`);
  return read;
}

const sum = ({ reached, noRoute, pageAsked, replies }: OfflineReport) =>
  `connects and look-ups ${reached.length}, elsewhere ${reached.filter((one) => !isHere(one)).length}, no route ${noRoute.service}, requests of the page ${pageAsked.length}, replies ${JSON.stringify(replies)}, the browser's own ${noRoute.browser}`;

/** The embedded engine and its model, where they lie here already: nothing is fetched for this. */
async function starterHere(): Promise<string | undefined> {
  const model = await createStarterModel(embeddedOptions).find(new AbortController().signal);
  const isInstalled = (await findEnginePackage(embeddedOptions)) !== undefined;
  return model && isInstalled && existsSync(model.path) ? model.path : undefined;
}
const starter = reason === undefined ? await starterHere() : undefined;
const noStarter = starter === undefined ? 'the embedded engine or its model is not here yet' : undefined;
if (noStarter) console.warn(`SKIPPED: offline with the embedded engine: ${noStarter}`);

describe.skipIf(reason)(`offline${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('[X4] the watch sees every way out: fetch, look-up, TCP, WebSocket, UDP', async () => {
    const log = join(folder.path, 'connects.jsonl');
    const { stdout } = await runAlone(join(programs, 'reach-out.ts'), {
      NODE_OPTIONS: `--import ${join(programs, 'connect-log.mjs')}`,
      CONNECT_LOG: log,
    });
    expect(stdout).toBe('failed failed failed failed failed\n');
    const reached = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Reached);
    const elsewhere = new Set(reached.filter((one) => !isHere(one)).map(({ host }) => host));
    expect([...elsewhere].sort()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', 'a-name.invalid']);
  });

  it('[X4] start, conversations on every socket, every HTTP door, the page, stop: nothing but loopback is reached for', async () => {
    const seen = await report();
    console.log(`offline: ${sum(seen)}`);
    expect(seen.interfaces).toEqual(['lo']);
    expect(seen.reached.filter((one) => !isHere(one))).toEqual([]);
    expect(seen.noRoute.service).toBe(0);
    expect(seen.exitCode).toBe(0);
    for (const address of seen.pageAsked) expect(new URL(address).hostname).toBe('127.0.0.1');
    // It did something: the model, the neighbours and Redis were reached, and every door answered.
    expect(seen.reached.filter(({ kind }) => kind === 'connect').length).toBeGreaterThanOrEqual(4);
    expect(seen.replies).toMatchObject({ session: 3, chat: 3 });
    expect(Object.keys(seen.doors)).toHaveLength(routes.length + 2);
    for (const [door, status] of Object.entries(seen.doors))
      expect({ door, status }).toEqual({ door, status: door === 'GET /nowhere' ? 404 : 200 });
    if (!seen.skipped.some((one) => one.startsWith('the page'))) expect([seen.replies.page, seen.pageAsked.length >= 4]).toEqual([1, true]);
    if (!seen.skipped.some((one) => one.startsWith('Redis'))) expect(seen.replies.published).toBeGreaterThanOrEqual(6);
  });

  it.skipIf(noStarter)(
    `[X4] the same with the embedded engine and a real model${noStarter ? ` (skipped: ${noStarter})` : ''}`,
    async () => {
      const seen = await report({ OFFLINE_STARTER: starter ?? '' });
      console.log(`offline, embedded: ${sum(seen)}`);
      expect(seen.reached.filter((one) => !isHere(one))).toEqual([]);
      expect(seen.noRoute.service).toBe(0);
      expect(seen.replies).toMatchObject({ session: 3, chat: 3 });
      expect(seen.exitCode).toBe(0);
    },
  );
});
