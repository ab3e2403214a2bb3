/** @file Real processes behind the real warden: what starts them, what they say, and that nothing of them stays. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { putRelease, putScript } from '../../../../test/kit/ollama/release.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createSystemClock } from '../log/system-clock.ts';
import { serverEnvironment } from './environment.ts';
import { partsBeside } from './find-binary.ts';
import { layPrivateCopy } from './private-copy.ts';
import { type ProcessSeen, systemProcesses } from './process-table.ts';
import { createRunFile } from './run-record.ts';
import { type RunOptions, startRun } from './server-process.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'persona-server-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const warden = resolve(import.meta.dirname, '../../../../resources/warden.sh');
const table = systemProcesses('linux');
const WAIT = { timeout: 20_000, interval: 5 };

let made = 0;
function prepared(binary?: string, clock: RunOptions['clock'] = createSystemClock()) {
  const folder = join(root, String(++made));
  mkdirSync(join(folder, 'home'), { recursive: true });
  const path = binary ?? putRelease(join(folder, 'release')).binary;
  const found = { path, origin: 'named' as const, ...partsBeside(path, 'linux') };
  const nonce = `${'0'.repeat(16)}${made}${process.pid}`;
  const options: RunOptions = {
    program: layPrivateCopy(found, join(folder, 'run'), 'linux'),
    runner: found.runner,
    warden,
    folder,
    environment: serverEnvironment(process.env, {
      home: join(folder, 'home'),
      models: join(folder, 'models'),
      contextTokens: 4_096,
      nonce,
    }),
    nonce,
    platform: 'linux',
    table,
    file: createRunFile(join(folder, 'running.json'), silentLog),
    clock,
    log: silentLog,
  };
  const heard = { lines: [] as string[], url: '', version: '', words: [] as string[] };
  const begin = () =>
    startRun(options, {
      onListening: (url, version) => Object.assign(heard, { url, version }),
      onEnded: (words) => heard.words.push(words),
      onLine: (line) => heard.lines.push(line),
    });
  /** Everyone of this run who lives: warden, server, runner. */
  const alive = (): ProcessSeen[] => table.inGroup(options.file.read()?.group ?? -1);
  const listening = () => expect.poll(() => heard.url, WAIT).not.toBe('');
  const withRunner = () => expect.poll(() => alive().map(({ executable }) => executable.split('/').at(-1)), WAIT).toContain('llama-server');
  const over = () => expect.poll(() => heard.words, WAIT).toHaveLength(1);
  return { options, heard, begin, alive, listening, withRunner, over };
}

describe.skipIf(process.platform !== 'linux')('a run of our own Ollama', () => {
  it('[U11] tells where it listens, who it is and what it says; all of it carries the mark and one group', async () => {
    const { options, heard, begin, alive, listening, withRunner, over } = prepared();
    const run = begin();
    await listening();
    await withRunner();
    expect(heard.version).toBe('0.33.0-scripted');
    expect(await (await fetch(`${heard.url}/api/version`)).json()).toEqual({ version: '0.33.0-scripted' });
    expect(heard.lines.some((line) => line.includes('Listening on'))).toBe(true);
    expect(heard.lines.some((line) => line.includes('persona-warden'))).toBe(false);
    const group = alive();
    expect(group.length).toBeGreaterThanOrEqual(3);
    expect(group.every(({ nonce }) => nonce === options.nonce)).toBe(true);
    expect(options.file.read()).toMatchObject({ nonce: options.nonce, group: group[0]?.group });
    const { group: number = 0 } = group[0] ?? {};
    await run.stop();
    await over();
    expect(table.inGroup(number)).toEqual([]);
    expect(options.file.read()).toBeUndefined();
    expect(heard.words).toEqual(['it ended with status 0']);
  });

  it('[U11] a server that will not end is ended by force after five seconds, and its runner with it', async () => {
    const actions: { ms: number; action: () => void }[] = [];
    const time = createSystemClock();
    // Only the five seconds are the test's; how long the dead take to go is the system's.
    const clock = {
      after(ms: number, action: () => void) {
        actions.push({ ms, action });
        return ms === 5_000 ? () => undefined : time.after(ms, action);
      },
    };
    const folder = join(root, 'stubborn');
    const { heard, begin, alive, listening, withRunner, over } = prepared(putRelease(folder, '--stubborn').binary, clock);
    const run = begin();
    await listening();
    await withRunner();
    const { group = 0 } = alive()[0] ?? {};
    const stopped = run.stop();
    const force = actions.find(({ ms }) => ms === 5_000);
    await expect.poll(() => alive().length, WAIT).toBeGreaterThanOrEqual(3);
    expect(heard.words).toEqual([]);
    force?.action();
    await stopped;
    await over();
    expect(table.inGroup(group)).toEqual([]);
  });

  it.each(['server', 'runner and server', 'warden', 'warden and server'])(
    '[U11] where somebody kills the %s nothing stays',
    async (who) => {
      const { heard, begin, alive, listening, withRunner, over, options } = prepared();
      begin();
      await listening();
      await withRunner();
      const { group = 0 } = alive()[0] ?? {};
      const of = (name: string) =>
        alive().filter(({ pid, executable }) => {
          if (name === 'warden') return pid === group;
          return name === 'runner' ? executable === options.runner : executable === realpathSync(process.execPath);
        });
      const victims = ['warden', 'runner', 'server'].filter((name) => who.includes(name)).flatMap(of);
      expect(victims.length).toBeGreaterThanOrEqual(who.includes('and') ? 2 : 1);
      for (const { pid } of victims) process.kill(pid, 'SIGKILL');
      await over();
      await expect.poll(() => table.inGroup(group), WAIT).toEqual([]);
      expect(heard.words[0]).toMatch(/^it ended with (status 137|signal SIGKILL)$/);
      expect(options.file.read()).toBeUndefined();
    },
  );

  it('[U11] its last words are told, and nothing of a start that failed is written down', async () => {
    const busy = putScript(
      join(root, 'busy', 'bin', 'ollama'),
      'echo "Error: listen tcp 127.0.0.1:1: bind: address already in use" >&2',
      'exit 1',
    );
    const { heard, begin, over, options } = prepared(busy);
    begin();
    await over();
    expect(heard.words).toEqual(['it ended with status 1 and said "Error: listen tcp 127.0.0.1:1: bind: address already in use"']);
    expect(options.file.read()).toBeUndefined();
    const none = prepared(busy);
    none.options.folder = join(root, 'not', 'there');
    none.begin();
    await none.over();
    expect(none.heard.words).toEqual(['it could not be started (ENOENT)']);
  });

  it('[U1] sees only what it is told: none of our own variables reaches server or runner', async () => {
    process.env['OLLAMA_ORIGINS'] = '*';
    process.env['API_TOKEN'] = 'secret-of-the-doors';
    const { begin, alive, listening, withRunner, heard } = prepared();
    delete process.env['OLLAMA_ORIGINS'];
    delete process.env['API_TOKEN'];
    const run = begin();
    await listening();
    await withRunner();
    // A process of the warden's that is just ending has none any more.
    const environments = alive()
      .map(({ pid }) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
      .filter((environment) => environment !== '');
    expect(environments.length).toBeGreaterThan(1);
    for (const environment of environments) {
      expect(environment).toContain('OLLAMA_HOST=127.0.0.1:0');
      expect(environment).not.toMatch(/OLLAMA_ORIGINS|API_TOKEN|VITEST/);
    }
    await run.stop();
    expect(heard.words).toHaveLength(1);
  });

  it('[U11] a server whose caller is gone has a moment to write down its downloads before it is asked to end', async () => {
    const script = 'trap "echo asked >&2; exit 0" TERM; echo up >&2; while :; do sleep 0.01; done';
    const child = spawn('/bin/sh', [warden, '0.7', '30', '/bin/sh', '-c', script], { detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await expect.poll(() => said, WAIT).toContain('up\n');
    const since = performance.now();
    child.stdin.end();
    await expect.poll(() => said, WAIT).toContain('asked\n');
    expect(performance.now() - since).toBeGreaterThanOrEqual(690);
    await expect.poll(() => said, WAIT).toContain('persona-warden ended 0');
    await expect.poll(() => table.inGroup(child.pid ?? -1), WAIT).toEqual([]);
  });

  it('[U11] the warden hits nobody where it leads no group', async () => {
    const bystander = spawn('/bin/sh', ['-c', `sleep 300 & /bin/sh '${warden}' 0 0 /bin/sh -c 'exit 3'; echo "left $?"; wait`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [said] = (await once(bystander.stdout, 'data')) as [Buffer];
    expect(said.toString()).toMatch(/^left \d+/);
    expect(table.inGroup(bystander.pid ?? -1).map(({ executable }) => executable.split('/').at(-1))).toContain('sleep');
    process.kill(-(bystander.pid ?? 0), 'SIGKILL');
    await once(bystander, 'exit');
  });
});
