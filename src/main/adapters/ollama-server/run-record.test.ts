/** @file Which processes count as left over from an earlier run: all marks must match, else they are somebody else's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keptLog } from '../../../../test/kit/ollama/pair.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createSystemClock } from '../log/system-clock.ts';
import { type ProcessSeen, readPsLine, systemProcesses } from './process-table.ts';
import { belongsTo, createRunFile, endByForce, endLeftover, type RunRecord } from './run-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'persona-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record: RunRecord = {
  nonce: '0123456789abcdef',
  group: 400,
  executables: ['/bin/sh', '/run/persona-ollama', '/lib/ollama/llama-server'],
  processes: [
    { pid: 400, started: 1_000, executable: '/bin/sh' },
    { pid: 401, started: 1_001, executable: '/run/persona-ollama' },
  ],
};
const server: ProcessSeen = { pid: 401, group: 400, started: 1_001, executable: '/run/persona-ollama', nonce: record.nonce };
const runner: ProcessSeen = { pid: 977, group: 400, started: 2_500, executable: '/lib/ollama/llama-server', nonce: record.nonce };

/** What may be wrong with a process that looks like ours; each is wrong for the server and for the runner. */
const wrong: Record<string, Partial<ProcessSeen>> = {
  'start time': { started: 999 },
  executable: { executable: '/usr/bin/ollama' },
  mark: { nonce: 'fedcba9876543210' },
  'no mark': { nonce: undefined },
  group: { group: 402 },
};
const combinations = Array.from({ length: 32 }, (_, bits) => Object.keys(wrong).filter((_name, index) => bits & (1 << index)));

describe('what is left of an earlier run', () => {
  it.each([
    ['the server', server],
    ['a runner that nobody saw', runner],
  ])('[U5] %s is ours only where everything matches', (_, ours) => {
    const verdicts = combinations.map((names) => belongsTo(record, Object.assign({}, ours, ...names.map((name) => wrong[name]))));
    expect(verdicts).toHaveLength(32);
    expect(verdicts.filter((verdict) => verdict)).toHaveLength(1);
    expect(verdicts[0]).toBe(true);
  });

  it('[U5] a number that was given to another process is nobody’s of ours', () => {
    expect(belongsTo(record, { ...server, started: 1_002 })).toBe(false);
    expect(belongsTo(record, { ...server, executable: '/lib/ollama/llama-server' })).toBe(false);
    expect(belongsTo(record, { ...runner, pid: 401 })).toBe(false);
  });

  it('[U5] what is written down is readable by its owner alone, and what cannot be read ends nobody', () => {
    const path = join(folder, 'running.json');
    const { log, lines } = keptLog();
    const file = createRunFile(path, log);
    expect(file.read()).toBeUndefined();
    expect(lines).toHaveLength(0);
    file.write(record);
    expect(file.read()).toEqual(record);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const damaged of ['', '{', '[]', '{"group":-1}', readFileSync(path, 'utf8').replace('400', '"400"')]) {
      writeFileSync(path, damaged);
      expect(file.read()).toBeUndefined();
    }
    expect(lines).toHaveLength(5);
    file.remove();
    file.remove();
    expect(file.read()).toBeUndefined();
  });

  it('[U5] what cannot be written down is logged, and ends no program', () => {
    const { log, lines } = keptLog();
    createRunFile(join(folder, 'gone', 'running.json'), log).write(record);
    expect(lines).toHaveLength(1);
  });

  it('[U5] a line of ps is read, and a zombie is nobody', () => {
    const line = '  401   400 S    Mon Nov 23 18:20:05 2026     /Applications/Persona Engine.app/Contents/Resources/persona-ollama';
    expect(readPsLine(line)).toEqual({
      pid: 401,
      group: 400,
      started: Date.parse('Mon Nov 23 18:20:05 2026'),
      executable: '/Applications/Persona Engine.app/Contents/Resources/persona-ollama',
    });
    expect(readPsLine(line.replace(' S ', ' Z '))).toBeUndefined();
    expect(readPsLine('')).toBeUndefined();
  });
});

describe.skipIf(process.platform !== 'linux')('processes of this machine', () => {
  const table = systemProcesses('linux');
  const start = async (nonce: string | undefined) => {
    const env = { PATH: process.env['PATH'] ?? '', ...(nonce === undefined ? {} : { PERSONA_ENGINE_RUN: nonce }) };
    const child = spawn('sleep', ['300'], { detached: true, env, stdio: 'ignore' });
    await once(child, 'spawn');
    const { pid = 0 } = child;
    await expect.poll(() => table.look(pid)?.executable).toMatch(/sleep|coreutils|busybox/);
    const seen = table.look(pid);
    if (!seen) throw new Error('it is not there');
    return { child, seen, ended: once(child, 'exit') };
  };
  const recordOf = ({ pid, started, executable }: ProcessSeen, nonce: string): RunRecord => ({
    nonce,
    group: pid,
    executables: [executable],
    processes: [{ pid, started, executable }],
  });
  const reaper = { table, end: endByForce, clock: createSystemClock(), log: silentLog };

  it('[U5] a leftover is ended; the same process under another mark is not', async () => {
    const nonce = 'aaaaaaaaaaaaaaaaaaaaaaaa';
    const ours = await start(nonce);
    const theirs = await start(undefined);
    const other = await start('bbbbbbbbbbbbbbbbbbbbbbbb');
    for (const { seen } of [theirs, other]) expect(await endLeftover(recordOf(seen, nonce), reaper)).toBe(0);
    expect(await endLeftover({ ...recordOf(ours.seen, nonce), executables: ['/bin/sh'], group: 1 }, reaper)).toBe(0);
    expect(table.look(ours.seen.pid)).toEqual(ours.seen);

    expect(await endLeftover(recordOf(ours.seen, nonce), reaper)).toBe(1);
    expect(await ours.ended).toEqual([null, 'SIGKILL']);
    expect(await endLeftover(recordOf(ours.seen, nonce), reaper)).toBe(0);
    for (const { child, ended } of [theirs, other]) {
      expect(child.signalCode).toBeNull();
      child.kill('SIGKILL');
      await ended;
    }
  });

  it('[U5] a zombie is not alive', async () => {
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 300'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const isZombie = () => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    await expect.poll(isZombie, { timeout: 10_000 }).toBe(true);
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(table.look(pid)).toBeUndefined();
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });
});
