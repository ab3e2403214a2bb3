/** @file The engine's package: chosen by platform, installed whole or not at all, by two at once, where it may be written. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHeardLog, embeddedOptions } from '../../../../test/kit/embedded.ts';
import type { Fault } from '../../../shared/faults.ts';
import { type EnginePackageOptions, findEnginePackage, installEnginePackage } from './engine-package.ts';
import { forPlatform, lockSchema, manifestSchema, platformPackage } from './platform.ts';

const never = () => new AbortController().signal;
const toolFile = (name: string) => join(embeddedOptions.toolFolder, name);
const packages = {
  manifest: manifestSchema.parse(JSON.parse(readFileSync(toolFile('package.json'), 'utf8'))),
  lock: lockSchema.parse(JSON.parse(readFileSync(toolFile('package-lock.json'), 'utf8'))),
};

/** Stands for npm: puts what package.json asks for into node_modules, once as many as `together` have begun. */
const installs = (together = 1) => `
const fs = require('node:fs');
const { dependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
fs.writeFileSync(process.env.BARRIER + '/' + process.pid, process.argv.slice(2).join(' '));
while (fs.readdirSync(process.env.BARRIER).length < ${together});
for (const [name, version] of Object.entries(dependencies)) {
  fs.mkdirSync('node_modules/' + name, { recursive: true });
  fs.writeFileSync('node_modules/' + name + '/package.json', JSON.stringify({ name, version }));
}
fs.writeFileSync('node_modules/by', String(process.pid));
`;
const fails = 'console.error("npm error network"); process.exit(1);';

describe('engine package', () => {
  let folder: string;
  let barrier: string;
  const log = createHeardLog();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'persona-package-'));
    barrier = join(folder, 'barrier');
    mkdirSync(barrier);
    mkdirSync(join(folder, 'tool'));
    for (const name of ['package.json', 'package-lock.json']) cpSync(toolFile(name), join(folder, 'tool', name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const optionsOf = (npm?: string): EnginePackageOptions => {
    const program = join(folder, 'npm');
    if (npm !== undefined) writeFileSync(program, `#!${process.execPath}\nprocess.env.BARRIER = ${JSON.stringify(barrier)};\n${npm}`);
    if (npm !== undefined) chmodSync(program, 0o700);
    return { toolFolder: join(folder, 'tool'), dataFolder: join(folder, 'data'), log, clock: embeddedOptions.clock, npm: program };
  };
  const toolFiles = () => readdirSync(join(folder, 'tool')).sort();
  const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
    const end = await promise.then(
      () => undefined,
      (error: Fault) => error,
    );
    if (!end) throw new Error('It ended well where a fault was due.');
    return end;
  };

  it('[E32] is installed from its lock without scripts, without the packages of other platforms, and found from then on', async () => {
    const options = optionsOf(installs());
    expect(await findEnginePackage(options)).toBeUndefined();
    const modules = await installEnginePackage(options, never());
    expect(modules).toBe(join(folder, 'tool', 'node_modules'));
    expect(await findEnginePackage(options)).toBe(modules);
    expect(toolFiles()).toEqual(['node_modules', 'package-lock.json', 'package.json']);
    const [pid = ''] = readdirSync(barrier);
    expect(readFileSync(join(barrier, pid), 'utf8')).toMatch(/^ci --omit=optional --ignore-scripts /);
  });

  it('[E33] two that install at the same time both end with a whole one, and leave nothing else', async () => {
    const options = optionsOf(installs(2));
    const [one, two] = await Promise.all([installEnginePackage(options, never()), installEnginePackage(options, never())]);
    expect(one).toBe(two);
    expect(await findEnginePackage(options)).toBe(one);
    expect(readdirSync(barrier)).toContain(readFileSync(join(one, 'by'), 'utf8'));
    expect(toolFiles()).toEqual(['node_modules', 'package-lock.json', 'package.json']);
  });

  it('[E34] an installation that failed leaves what was there, and says what to do', async () => {
    const failed = await faultOf(installEnginePackage(optionsOf(fails), never()));
    expect(failed.code).toBe('engine-missing');
    expect(failed.message).toContain('OLLAMA_BASE_URL');
    expect(failed.detail).toBe('npm error network');
    const missing = await faultOf(installEnginePackage({ ...optionsOf(), npm: join(folder, 'no-npm') }, never()));
    expect(missing.message).toContain('npm is not on this machine');
    expect(toolFiles()).toEqual(['package-lock.json', 'package.json']);
  });

  it('[E35] an older version is replaced, and what a killed installation left behind is cleared away in time', async () => {
    const options = optionsOf(installs());
    const modules = await installEnginePackage(options, never());
    writeFileSync(join(modules, 'node-llama-cpp', 'package.json'), '{"version":"3.0.0"}');
    expect(await findEnginePackage(options)).toBeUndefined();
    const old = join(folder, 'tool', '.installing-old');
    const fresh = join(folder, 'tool', '.installing-fresh');
    mkdirSync(old);
    mkdirSync(fresh);
    utimesSync(old, new Date(0), new Date(0));
    await installEnginePackage(options, never());
    expect(await findEnginePackage(options)).toBe(modules);
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
  });

  it('[E36] calling it off ends npm and leaves nothing', async () => {
    const control = new AbortController();
    const fault = faultOf(installEnginePackage(optionsOf(installs(99)), control.signal));
    while (readdirSync(barrier).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const pid = Number(readdirSync(barrier)[0]);
    control.abort();
    expect((await fault).code).toBe('cancelled');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(toolFiles()).toEqual(['package-lock.json', 'package.json']);
  });

  it('[E37] a checkout that cannot be written has it in the data folder', async (context) => {
    const tool = join(folder, 'tool');
    const readOnly = spawnSync('mount', ['--bind', '-o', 'ro', tool, tool]).status === 0;
    if (!readOnly) {
      console.warn('SKIPPED: engine package in a read-only checkout: this user may not mount one');
      return context.skip('this user may not mount a read-only folder');
    }
    try {
      const options = optionsOf(installs());
      const modules = await installEnginePackage(options, never());
      expect(modules).toBe(join(folder, 'data', 'embedded-engine', 'node_modules'));
      expect(await findEnginePackage(options)).toBe(modules);
    } finally {
      execFileSync('umount', [tool]);
    }
  });

  it('[E38] every platform that is named is in the lock with its integrity, and takes the place of the proven one', () => {
    const platforms = ['linux-x64', 'linux-arm64', 'linux-arm', 'linux-riscv64', 'darwin-arm64', 'darwin-x64', 'win32-x64', 'win32-arm64'];
    for (const platform of platforms) {
      const [system = '', architecture = ''] = platform.split('-');
      const name = platformPackage(system, architecture);
      const { manifest, lock } = forPlatform(name, packages);
      const native = (dependencies: Record<string, string> = {}) =>
        Object.keys(dependencies).filter((one) => one.startsWith('@node-llama-cpp/'));
      expect(native(manifest.dependencies)).toEqual([name]);
      expect(native(lock.packages['']?.dependencies)).toEqual([name]);
      expect(lock.packages[`node_modules/${name}`]?.['integrity']).toMatch(/^sha512-/);
      const required = Object.entries(lock.packages).filter(([path, entry]) => path.includes('@node-llama-cpp/') && !entry.optional);
      expect(required.map(([path]) => path)).toEqual([`node_modules/${name}`]);
    }
    expect(() => platformPackage('freebsd', 'x64')).toThrow('OLLAMA_BASE_URL');
    expect(JSON.stringify(packages.lock)).not.toContain('"resolved"');
  });
});
