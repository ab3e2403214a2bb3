/** @file Runs inside a network namespace that has only loopback: the whole service, every door and the page, and what was reached for meanwhile. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { routes } from '../../../src/main/api/routes.ts';
import { connect } from '../client.ts';
import { createNeighbour } from '../neighbour.ts';
import { speak } from '../neighbour-house.ts';
import { createScriptedOllama } from '../ollama/scripted-ollama.ts';
import { findChromium, openBrowser } from '../page/browser.ts';
import { createRedis, whyNoRedis } from '../redis.ts';
import { startService, temporaryFolder } from '../service.ts';
import { connectSocket } from '../test-door.ts';

export type Reached = { pid: number; kind: string; host: string; port?: number | string };
export type OfflineReport = {
  /** Interfaces there were, and what the kernel found no way to, over the service's life and over that of the browser too. */
  interfaces: string[];
  noRoute: { service: number; browser: number };
  reached: Reached[];
  /** What each HTTP door answered, and the replies that were heard on the sockets and in the page. */
  doors: Record<string, number>;
  replies: { session: number; chat: number; published: number; page: number };
  /** Addresses that the page asked for. */
  pageAsked: string[];
  /** Why something was left out. */
  skipped: string[];
  exitCode: number | null;
};

const root = resolve(import.meta.dirname, '../../..');
const entry = process.env['OFFLINE_ENTRY'];
const starter = process.env['OFFLINE_STARTER'];

/** Packets and connections for which the kernel knew no way, of every process in this namespace. */
function noRoutes(): number {
  const [names = [], values = []] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' '));
  const six = /^Ip6OutNoRoutes\s+(\d+)/m.exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? '0';
  return Number(values[names.indexOf('OutNoRoutes')]) + Number(six);
}

const interfaces = () => [...readFileSync('/proc/net/dev', 'utf8').matchAll(/^\s*([^\s:]+):/gm)].map(([, name]) => name ?? '');

const samples: Record<string, object> = {
  '/api/sentiment': { text: 'I am really excited about this!' },
  '/api/chat': { message: 'Hello over HTTP' },
  '/v1/chat/completions': { model: 'default', messages: [{ role: 'user', content: 'Hello' }], user: 'ada' },
};

/** Every route there is, with a body where it takes one, and the page; each answer is read to its end. */
async function knockEverywhere(url: string, conversationId: string): Promise<Record<string, number>> {
  const doors: Record<string, number> = {};
  const headers = { 'Content-Type': 'application/json' };
  const pages = ['/', '/nowhere'].map((path) => ({ method: 'GET', path }));
  for (const { method, path } of [...routes, ...pages]) {
    const filled = path.replace('{id}', path.startsWith('/v1/') ? 'default' : conversationId);
    const body = method === 'POST' ? { body: JSON.stringify(samples[path] ?? {}), headers } : {};
    const response = await fetch(`${url}${filled}`, { method, ...body });
    await response.text();
    doors[`${method} ${path}`] = response.status;
  }
  return doors;
}

async function talkInSession(url: string): Promise<{ replies: number; conversationId: string }> {
  const client = await connect(url);
  const conversationId = await client.converse();
  for (const turn of ['1', '2', '3']) {
    await client.ask({ type: 'start-turn', turnId: `turn-${turn}`, conversationId, text: `Hello ${turn}` });
    await client.until('turn-ended', (event) => event.turnId === `turn-${turn}` && event.status === 'complete');
  }
  await client.ask({ type: 'rename-conversation', conversationId, title: 'Offline' });
  await client.ask({ type: 'list-conversations' });
  client.close();
  return { replies: 3, conversationId };
}

async function talkInChat(url: string): Promise<number> {
  const client = await connectSocket(url, '/ws/chat');
  let replies = 0;
  for (const message of ['Hello Sarah!', 'I am sad today.', 'Thank you, that is great!']) {
    const end = await speak(client, { message, user_id: 'ada', character_id: 'default' });
    if (end.status === 'complete') replies += 1;
  }
  client.ws.close();
  return replies;
}

async function talkInPage(page: Page, address: string): Promise<number> {
  await page.goto(address);
  await page.locator('.composer textarea').fill('Hello from the page');
  await page.keyboard.press('Enter');
  await page.locator('.log').getByText('Hello from the page').first().waitFor();
  await page.locator('.reply').last().getByText(/\w{3}/).first().waitFor();
  return 1;
}

async function browse(address: string, report: OfflineReport): Promise<void> {
  const chromium = findChromium();
  if (chromium === undefined) {
    report.skipped.push('the page: no chromium was found');
    return;
  }
  const browser = await openBrowser(chromium, { scrollbars: false });
  const page = await browser.newPage();
  page.on('request', (request) => report.pageAsked.push(request.url()));
  page.on('websocket', (socket) => report.pageAsked.push(socket.url()));
  report.replies.page = await talkInPage(page, address);
  await browser.close();
}

async function main(): Promise<OfflineReport> {
  const report: OfflineReport = {
    interfaces: interfaces(),
    noRoute: { service: 0, browser: 0 },
    reached: [],
    doors: {},
    replies: { session: 0, chat: 0, published: 0, page: 0 },
    pageAsked: [],
    skipped: [],
    exitCode: null,
  };
  const folder = temporaryFolder('offline');
  const log = join(folder.path, 'connects.jsonl');
  const noRedis = whyNoRedis();
  if (noRedis) report.skipped.push(`Redis: ${noRedis}`);
  const redis = noRedis ? undefined : await createRedis();
  await redis?.start();
  const manager = await createNeighbour();
  manager.says({ body: { name: 'Mira', description: 'Keeps bees.' } });
  const subsystem = await createNeighbour();
  subsystem.says({ body: ['She has a dog.'] });
  const ollama = await createScriptedOllama();

  const before = noRoutes();
  const service = await startService({
    dataFolder: folder.path,
    ...(entry === undefined ? {} : { entry }),
    environment: {
      NODE_OPTIONS: `--import ${join(root, 'test/kit/programs/connect-log.mjs')}`,
      CONNECT_LOG: log,
      ...(starter === undefined ? { OLLAMA_BASE_URL: ollama.url } : { STARTER_MODEL: starter, MAX_TOKENS: '24' }),
      CHARACTER_MANAGER_URL: manager.url,
      MEMORY_SUBSYSTEM_URL: subsystem.url,
      ...(redis ? { REDIS_HOST: 'localhost', REDIS_PORT: String(redis.port) } : {}),
    },
  });
  const talked = await talkInSession(service.url);
  report.replies.session = talked.replies;
  report.replies.chat = await talkInChat(service.url);
  report.doors = await knockEverywhere(service.url, talked.conversationId);
  await redis?.until((heard) => heard.length >= 6);
  report.replies.published = redis?.heard.length ?? 0;
  report.noRoute.service = noRoutes() - before;
  if (starter === undefined) await browse(service.pageUrl, report);
  report.exitCode = (await service.kill('SIGTERM')).code;
  report.noRoute.browser = noRoutes() - before - report.noRoute.service;
  report.reached = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Reached);
  await Promise.all([redis?.close(), manager.close(), subsystem.close(), ollama.close()]);
  folder.remove();
  return report;
}

process.stdout.write(`REPORT ${JSON.stringify(await main())}\n`);
process.exit(0);
