/** @file The commands of package.json in a checkout of their own: what they print, how they end, what they leave behind. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Command, copyCheckout, engineOf, isAlive, npmIn, parentOf, until } from '../kit/checkout.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { temporaryFolder } from '../kit/service.ts';

const place = temporaryFolder('commands');
const checkout = join(place.path, 'checkout');
const stamp = join(checkout, 'out', 'sources.sha256');

beforeAll(() => {
  mkdirSync(checkout);
  copyCheckout(checkout);
});
afterAll(place.remove);

/** What a failed test leaves running is ended here. */
const started: Command[] = [];
afterEach(async () => {
  for (const { kill, ended } of started.splice(0)) {
    kill('SIGTERM');
    await ended;
  }
});

/** Nothing listens there, so nothing is installed, downloaded or found by chance. */
const nowhere = { OLLAMA_BASE_URL: 'http://127.0.0.1:9', SERVICE_PORT: '0' };
const settings = (name: string) => ({ ...nowhere, PERSONA_DATA_DIR: join(place.path, name) });
const npm = (args: string[], environment: Record<string, string>) => {
  const command = npmIn(checkout, args, environment);
  started.push(command);
  return command;
};
const serve = (name: string, more = {}) => npm(['run', '-s', 'serve'], { ...settings(name), ...more });

const TWO_LINES = /^persona_engine ready on http:\/\/127\.0\.0\.1:\d+\npage http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/;

/** Whoever looks after npm's own lines on stderr; ours are JSON. */
const ourLines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));

describe('npm run serve', () => {
  it('[N6] two at once, with nothing built: both ready, two lines each, JSON on stderr; SIGTERM ends both with 0 and leaves nothing', async () => {
    const both = [serve('a'), serve('b')];
    for (const command of both) await command.says(/^page /m);
    const engines = [engineOf(join(place.path, 'a')), engineOf(join(place.path, 'b'))];
    for (const command of both) {
      expect(command.stdout()).toMatch(TWO_LINES);
      for (const line of ourLines(command.stderr())) expect(JSON.parse(line)).toHaveProperty('event');
      command.kill('SIGTERM');
    }
    for (const command of both) expect(await command.ended).toEqual({ code: 0, signal: null });
    expect(engines.filter(isAlive)).toEqual([]);
  });

  it('[N6] builds again only where the sources are others', async () => {
    const start = async () => {
      const command = serve('a');
      await command.says(/^page /m);
      command.kill('SIGINT');
      expect((await command.ended).code).toBe(0);
      return { builtAt: statSync(stamp).mtimeMs, hash: readFileSync(stamp, 'utf8') };
    };
    const first = await start();
    expect(await start()).toEqual(first);
    const page = join(checkout, 'src', 'renderer', 'index.html');
    const before = readFileSync(page, 'utf8');
    writeFileSync(page, before.replace('</body>', '<!-- changed --></body>'));
    expect((await start()).hash).not.toBe(first.hash);
    writeFileSync(page, before);
  });

  it('[N6] a source that cannot be built leaves what was built as it was, and says so', async () => {
    const config = join(checkout, 'electron.vite.config.ts');
    const [before, built] = [readFileSync(config, 'utf8'), readFileSync(stamp, 'utf8')];
    writeFileSync(config, `${before}\nthrow new Error('broken on purpose');\n`);
    const command = serve('a');
    expect((await command.ended).code).toBe(1);
    expect(command.stdout()).toBe('');
    expect(ourLines(command.stderr()).map((line) => JSON.parse(line))).toMatchObject([{ event: 'serve-failed', level: 'ERROR' }]);
    expect(readFileSync(stamp, 'utf8')).toBe(built);
    writeFileSync(config, before);
  });

  it('[N7] the exit code of the engine is that of npm: 2 for a wrong value, 3 for a folder in use', async () => {
    expect((await serve('a', { SERVICE_PORT: 'none' }).ended).code).toBe(2);
    const first = serve('a');
    await first.says(/^page /m);
    expect((await serve('a').ended).code).toBe(3);
    first.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  });

  it('[N7] npm killed outright takes the engine with it', async () => {
    const command = serve('a');
    await command.says(/^page /m);
    const engine = engineOf(join(place.path, 'a'));
    command.kill('SIGKILL');
    await until(() => !isAlive(engine), 10_000);
  });
});

describe('npm start', () => {
  it('[N7] its script killed outright takes the engine with it', async () => {
    const command = npm(['start'], settings('s'));
    await command.says(/#token=/);
    const engine = engineOf(join(place.path, 's'));
    process.kill(parentOf(engine), 'SIGKILL');
    await until(() => !isAlive(engine), 10_000);
    await command.ended;
  });

  it('[N8] without a display it prints the page; a second start finds it running; Ctrl-C ends it with 0', async () => {
    const first = npm(['start'], settings('s'));
    await first.says(/There is no display here[\s\S]*http:\/\/127\.0\.0\.1:\d+\/#token=/);
    const engine = engineOf(join(place.path, 's'));
    const second = npm(['start'], settings('s'));
    expect((await second.ended).code).toBe(0);
    expect(second.stdout()).toContain('Persona Engine is running already; its page: http://127.0.0.1:');
    first.kill('SIGINT');
    expect((await first.ended).code).toBe(0);
    expect(isAlive(engine)).toBe(false);
    expect(statSync(join(place.path, 's', 'logs', 'start.log')).mode & 0o077).toBe(0);
  });

  it('[N8] a wrong value is one sentence and exit code 2', async () => {
    const command = npm(['start'], { ...settings('s'), MAX_TOKENS: 'many' });
    expect((await command.ended).code).toBe(2);
    expect(command.stderr()).toContain('MAX_TOKENS is "many"; allowed: whole numbers from 1 to 1000000.');
  });
});

describe('npm run demo', () => {
  it('[N9] runs on the scripted server in a folder of its own, and takes both with it', async () => {
    const command = npm(['run', 'demo'], { OLLAMA_MODEL: 'not/asked:for' });
    await command.says(/#token=/);
    expect(command.stdout()).toContain('no model is running');
    const page = /http:\/\/127\.0\.0\.1:\d+(?=\/#token=)/.exec(command.stdout())?.[0];
    await until(() => /Canned replies/i.test(command.stdout()));
    const health = (await (await fetch(`${page}/health`)).json()) as { dependencies: { model: { state: string } } };
    expect(health.dependencies.model.state).toBe('healthy');
    const engine = engineOf(join(checkout, '.cache', 'demo-data'));
    command.kill('SIGTERM');
    expect((await command.ended).code).toBe(0);
    expect(isAlive(engine)).toBe(false);
  });
});

describe('npm run doctor', () => {
  it('[N10] ends with 1 and says what to do where no conversation is possible', async () => {
    const command = npm(['run', '-s', 'doctor'], { ...settings('d'), REDIS_PORT: 'x' });
    expect((await command.ended).code).toBe(1);
    expect(command.stdout()).toContain('nothing answers at http://127.0.0.1:9');
    expect(command.stdout()).toContain('REDIS_PORT is "x"; allowed: whole numbers from 1 to 65535.');
  });

  it('[N10] ends with 0 where an Ollama with a model answers', async () => {
    const server = await createScriptedOllama();
    const command = npm(['run', '-s', 'doctor'], { ...settings('d'), OLLAMA_BASE_URL: server.url });
    const { code } = await command.ended;
    await server.close();
    expect({ code, said: command.stdout() }).toMatchObject({ code: 0, said: expect.stringContaining('A conversation is possible') });
  });
});
