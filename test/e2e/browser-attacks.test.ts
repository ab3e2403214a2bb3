import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { findChromium } from '../kit/page/browser.ts';
import { openTestDoor, testToken } from '../kit/test-door.ts';

const executablePath = findChromium();
if (!executablePath) console.log('SKIPPED: attacks from a real browser: no chromium was found (apt-get install chromium)');

/** Two names that point at this machine, as an attacker's own DNS can make any name do. */
const names = '--host-resolver-rules=MAP rebind.test 127.0.0.1, MAP evil.test 127.0.0.1';
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

type Attack = {
  name: string;
  /** rebind: the page's own name and port are the target's; evil: a page of another site. */
  from: 'rebind' | 'evil';
  /** Runs in the page with `target` (host and port) and resolves when the browser is done with it. */
  script: string;
};

const socket = (url: string) =>
  `new Promise((done) => { const ws = new WebSocket(${url}); ws.onopen = ws.onerror = ws.onclose = () => done(); })`;
const element = (make: string) =>
  `new Promise((done) => { ${make} node.onload = node.onerror = () => done(); document.body.append(node); })`;

const attacks: Attack[] = [
  { name: 'rebinding, GET', from: 'rebind', script: `fetch('/health').then((answer) => answer.text())` },
  {
    name: 'rebinding, POST',
    from: 'rebind',
    script: `fetch('/api/sentiment', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"text":"hi"}' })`,
  },
  { name: 'rebinding, WebSocket', from: 'rebind', script: socket(`'ws://' + location.host + '/ws/session'`) },
  { name: 'another site, WebSocket', from: 'evil', script: socket(`'ws://' + target + '/ws/chat'`) },
  { name: 'another site, GET without cors', from: 'evil', script: `fetch('http://' + target + '/health', { mode: 'no-cors' })` },
  {
    name: 'another site, POST without cors',
    from: 'evil',
    script: `fetch('http://' + target + '/api/sentiment', { method: 'POST', mode: 'no-cors', body: '{"text":"hi"}' })`,
  },
  {
    name: 'another site, form',
    from: 'evil',
    script: `new Promise((done) => {
      document.body.innerHTML = '<iframe name="hole"></iframe><form target="hole" method="post" enctype="text/plain"><input name="a" value="b"></form>';
      document.querySelector('iframe').onload = () => done();
      const form = document.querySelector('form');
      form.action = 'http://' + target + '/api/sentiment';
      form.submit();
    })`,
  },
  { name: 'another site, image', from: 'evil', script: element(`const node = new Image(); node.src = 'http://' + target + '/health';`) },
  {
    name: 'another site, script',
    from: 'evil',
    script: element(`const node = document.createElement('script'); node.src = 'http://' + target + '/assets/page.js';`),
  },
  {
    name: 'another site, frame',
    from: 'evil',
    script: element(`const node = document.createElement('iframe'); node.src = 'http://' + target + '/';`),
  },
  {
    name: 'a page without a site of its own, WebSocket',
    from: 'evil',
    script: `new Promise((done) => {
      onmessage = () => done();
      const node = document.createElement('iframe');
      node.sandbox = 'allow-scripts';
      node.srcdoc = '<script>const ws = new WebSocket("ws://' + target + '/ws/session"); ws.onopen = ws.onerror = ws.onclose = () => parent.postMessage(1, "*");</scr' + 'ipt>';
      document.body.append(node);
    })`,
  },
  ...[
    ['/api/chat', '{"message":"hi"}'],
    ['/v1/chat/completions', '{"model":"default","messages":[{"role":"user","content":"hi"}]}'],
  ].flatMap(([path, body]): Attack[] => [
    {
      name: `rebinding, POST ${path}`,
      from: 'rebind',
      script: `fetch('${path}', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '${body}' }).then((answer) => answer.text())`,
    },
    {
      name: `another site, POST ${path} without cors`,
      from: 'evil',
      script: `fetch('http://' + target + '${path}', { method: 'POST', mode: 'no-cors', body: '${body}' })`,
    },
  ]),
  ...['/api/conversations', '/api/conversations/x', '/api/characters', '/v1/models', '/openapi.json'].flatMap((path): Attack[] => [
    { name: `rebinding, GET ${path}`, from: 'rebind', script: `fetch('${path}').then((answer) => answer.text())` },
    { name: `another site, GET ${path} without cors`, from: 'evil', script: `fetch('http://' + target + '${path}', { mode: 'no-cors' })` },
    {
      name: `another site, script from ${path}`,
      from: 'evil',
      script: element(`const node = document.createElement('script'); node.src = 'http://' + target + '${path}';`),
    },
  ]),
  {
    name: 'another site, form to /v1/chat/completions that looks like JSON',
    from: 'evil',
    script: `new Promise((done) => {
      document.body.innerHTML = '<iframe name="hole"></iframe><form target="hole" method="post" enctype="text/plain"><input></form>';
      document.querySelector('iframe').onload = () => done();
      const [form, field] = [document.querySelector('form'), document.querySelector('input')];
      field.name = '{"model":"default","messages":[{"role":"user","content":"';
      field.value = '"}]}';
      form.action = 'http://' + target + '/v1/chat/completions';
      form.submit();
    })`,
  },
];

/** A server as many programs have one on this machine: it lets everybody in, and counts. */
async function openUnguarded(port: number) {
  const counts = { reached: 0 };
  const server = createServer((_request, response) => {
    counts.reached += 1;
    response.end('in');
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', () => {
    counts.reached += 1;
  });
  await listen(server, port);
  const close = async () => {
    for (const client of sockets.clients) client.terminate();
    await shut(server);
  };
  return { port: portOf(server), reached: () => counts.reached, refused: () => 0, close };
}

async function openGuarded(port: number, pageFolder: string) {
  const door = await openTestDoor({ port, pageFolder });
  const reached = () => door.engine.reached.count + door.engine.turns.length + door.health.asked + door.sessions.opened;
  return { port: door.port, reached, refused: () => door.logged.filter(({ event }) => event === 'door-refused').length, close: door.close };
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listen = (server: Server, port: number) => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
const shut = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

type Target = { port: number; reached: () => number; refused: () => number; close: () => Promise<void> };

/** Loads the attacker's page, puts the target in its place where that is the attack, and lets it try. */
async function run(
  page: Page,
  attack: Attack,
  openTarget: (port: number) => Promise<Target>,
): Promise<{ reached: number; refused: number }> {
  const attacker = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><body>'));
  await listen(attacker, 0);
  const port = portOf(attacker);
  await page.goto(`http://${attack.from}.test:${port}/`);
  if (attack.from === 'rebind') await shut(attacker);
  const target = await openTarget(attack.from === 'rebind' ? port : 0);
  try {
    await page.evaluate(`(() => { const target = '127.0.0.1:${target.port}'; return ${attack.script}.then(() => 1, () => 0); })()`);
    return { reached: target.reached(), refused: target.refused() };
  } finally {
    await target.close();
    if (attack.from !== 'rebind') await shut(attacker);
  }
}

describe.skipIf(!executablePath)('attacks from pages in Chromium', () => {
  let browser: Browser;
  let folder = '';
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: [...quiet, names] });
    folder = mkdtempSync(join(tmpdir(), 'attacks-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Sarah</title><script defer src="/assets/page.js"></script>');
    writeFileSync(join(folder, 'assets', 'page.js'), 'document.title = "ran";');
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function inPage<Result>(use: (page: Page) => Promise<Result>): Promise<Result> {
    const context = await browser.newContext();
    try {
      return await use(await context.newPage());
    } finally {
      await context.close();
    }
  }

  it.each(attacks)('[D32] $name: reaches a server that lets everybody in, and is refused here', async (attack) => {
    const unguarded = await inPage((page) => run(page, attack, openUnguarded));
    expect(unguarded.reached).toBeGreaterThan(0);
    const guarded = await inPage((page) => run(page, attack, (port) => openGuarded(port, folder)));
    expect(guarded.reached).toBe(0);
    expect(guarded.refused).toBeGreaterThan(0);
  });

  it('[D32] the page itself loads, and gets in with its token only', async () => {
    const door = await openTestDoor({ pageFolder: folder });
    try {
      await inPage(async (page) => {
        await page.goto(`${door.url}/#token=${testToken}`);
        await expect.poll(() => page.title()).toBe('ran');
        const open = (protocols: string) =>
          page.evaluate(`new Promise((done) => {
            const ws = new WebSocket('ws://' + location.host + '/ws/session', ${protocols});
            ws.onmessage = (event) => done(ws.protocol + ' ' + JSON.parse(event.data).type);
            ws.onerror = () => done('refused');
          })`);
        expect(await open(`['companion.v1', 'bearer.${testToken}']`)).toBe('companion.v1 session-opened');
        expect(await open(`['companion.v1', 'bearer.wrong']`)).toBe('refused');
        expect(await open('[]')).toBe('refused');
        const health = (headers: string) => page.evaluate(`fetch('/health', { headers: ${headers} }).then((answer) => answer.status)`);
        expect(await health(`{ Authorization: 'Bearer ${testToken}' }`)).toBe(200);
        expect(await health('{}')).toBe(403);
        expect(
          await page.evaluate(
            `new Promise((done) => { addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective)); document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "inline"' })); })`,
          ),
        ).toBe('script-src-elem');
      });
    } finally {
      await door.close();
    }
  });
});
