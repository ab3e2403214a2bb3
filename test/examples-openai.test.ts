import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScriptedOllama, type ScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { python } from './kit/run-example.ts';
import { type Service, startService, temporaryFolder } from './kit/service.ts';

const examples = join(import.meta.dirname, '../examples');
const programs: [name: string, command: string, file: string][] = [
  ['Node', process.execPath, 'openai.mjs'],
  ['Python', python, 'openai.py'],
  ['OpenAI’s own client', process.execPath, 'openai-client.mjs'],
];

let ollama: ScriptedOllama;
let service: Service;
let locked: Service;
const folders = [temporaryFolder('examples'), temporaryFolder('examples-locked')];
beforeAll(async () => {
  ollama = await createScriptedOllama({
    reply: (message) => ({ text: message.endsWith('And then?') ? 'Then it rained, — ü.' : 'A quiet day.' }),
  });
  const environment = { OLLAMA_BASE_URL: ollama.url };
  [service, locked] = await Promise.all([
    startService({ dataFolder: folders[0]?.path ?? '', environment }),
    startService({ dataFolder: folders[1]?.path ?? '', environment: { ...environment, REQUIRE_TOKEN: 'true' } }),
  ]);
});
afterAll(async () => {
  await Promise.all([service.kill('SIGTERM'), locked.kill('SIGTERM')]);
  await ollama.close();
  for (const folder of folders) folder.remove();
});

async function run(command: string, file: string, environment: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env;
  const program = spawn(command, [join(examples, file), 'How was it?'], {
    env: { PATH, HOME, PYTHONIOENCODING: 'utf-8', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, complaints] = ['', ''];
  program.stdout.setEncoding('utf8').on('data', (more: string) => {
    out += more;
  });
  program.stderr.setEncoding('utf8').on('data', (more: string) => {
    complaints += more;
  });
  const [exit] = await once(program, 'close');
  return { exit: Number(exit), out, complaints };
}

describe('examples of the doors beside the seed’s', () => {
  it.each(programs)('[Q19] %s talks with Sarah, whole and streamed, and nothing of it is kept', async (_name, command, file) => {
    const before = ollama.chats().length;
    const { exit, out, complaints } = await run(command, file, { PERSONA_URL: service.url });
    expect([exit, complaints]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'model: default',
      'whole: A quiet day.',
      expect.stringMatching(/^tokens: \d+$/),
      'streamed: Then it rained, — ü.',
      '',
    ]);
    expect(ollama.chats().length - before).toBe(2);
    const sent = ollama.lastChat().messages.map(({ role, content }) => [role, content]);
    expect(sent).toEqual([
      ['system', expect.stringContaining('Answer in one or two sentences.\n</about>')],
      ['user', 'How was it?'],
      ['assistant', 'A quiet day.'],
      ['user', expect.stringMatching(/<now>[\s\S]*And then\?$/)],
    ]);
    const listed = (await (await fetch(`${service.url}/api/conversations`)).json()) as unknown;
    expect(listed).toEqual({ conversations: [], before: null });
  });

  it.each(programs)('[Q19] %s says why where a token is missing, and works with it', async (_name, command, file) => {
    const refused = await run(command, file, { PERSONA_URL: locked.url });
    expect(refused.exit).not.toBe(0);
    expect(refused.complaints).toContain('401 unauthorized: The access token is missing or wrong');
    const allowed = await run(command, file, { PERSONA_URL: locked.url, PERSONA_TOKEN: locked.token });
    expect([allowed.exit, allowed.out.split('\n')[0]]).toEqual([0, 'model: default']);
  });

  it('[Q19] curl hears one turn event by event, and needs the token where it is demanded', async () => {
    const heard = await run('sh', 'turn.sh', { PERSONA_URL: service.url });
    const names = [...heard.out.matchAll(/^event: (\w+)$/gm)].map((match) => match[1]);
    expect([heard.exit, heard.complaints, names.slice(0, 2), names.at(-1)]).toEqual([0, '', ['status', 'status'], 'complete']);
    expect([...heard.out.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('')).toBe('A quiet day.');
    const refused = await run('sh', 'turn.sh', { PERSONA_URL: locked.url });
    expect([refused.exit === 0, refused.out]).toEqual([false, expect.stringContaining('"unauthorized"')]);
    expect((await run('sh', 'turn.sh', { PERSONA_URL: locked.url, PERSONA_TOKEN: locked.token })).exit).toBe(0);
  });
});
