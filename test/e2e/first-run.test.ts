/** @file The first minutes of somebody who has nothing, in the page and to the end: Ollama, the starter model, the large one, and going on with it. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shell } from '../kit/dockerfile.ts';
import { entriesOf, tarOf } from '../kit/ollama/archive.ts';
import { gguf } from '../kit/ollama/gguf.ts';
import { createRegistry, layerBytes, type ScriptedRegistry } from '../kit/ollama/registry.ts';
import { putRelease } from '../kit/ollama/release.ts';
import { openReleaseServer, type ReleaseServer } from '../kit/ollama/release-server.ts';
import { familyOf, WAIT } from '../kit/own-ollama.ts';
import { openBrowser } from '../kit/page/browser.ts';
import { chromiumPath, unlessChromium } from '../kit/page/opened-page.ts';
import { type Service, startService, temporaryFolder } from '../kit/service.ts';

const root = resolve(import.meta.dirname, '../..');
const RELEASE = `ollama-linux-${process.arch === 'arm64' ? 'arm64' : 'amd64'}.tar.zst`;
const LARGE = 'DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF';
const LABEL = 'DeepSeek R1 Distill Llama 8B Abliterated';
const LICENCE = 'MIT License\n\nCopyright (c) somebody';
const MB = 1_000_000;
/** Slow enough that a person can press a button while it comes. */
const SLOW = { pieceBytes: 16 * 1024, pauseMs: 60 };
const LIBRARY_PACE = { bytesPerSecond: 2 * MB, pieceBytes: 64 * 1024 };

type World = { dataFolder: string; releases: ReleaseServer; library: ScriptedRegistry; service: Service; end(): Promise<void> };

async function openWorld(): Promise<World> {
  const folder = temporaryFolder('first-run');
  const content = layerBytes(24 * MB, 7);
  const layers = [
    { mediaType: 'application/vnd.ollama.image.model', content },
    { mediaType: 'application/vnd.ollama.image.license', content: Buffer.from(LICENCE) },
  ];
  const library = await createRegistry([{ name: LARGE, layers }], LIBRARY_PACE);
  const release = join(folder.path, 'release');
  putRelease(
    release,
    '--empty',
    '--as-version',
    '0.33.0',
    '--store-tries',
    '1',
    '--library',
    `localhost:${library.port}`,
    '--token-ms',
    '20',
  );
  writeFileSync(join(release, 'lib', 'ollama', 'libbulk.so'), randomBytes(MB));
  const releases = await openReleaseServer({ [RELEASE]: await tarOf(entriesOf(release), 'tar.zst') });
  const starter = join(folder.path, 'SmolLM2-135M-Instruct.Q4_1.gguf');
  writeFileSync(starter, gguf());
  const dataFolder = join(folder.path, 'data');
  const environment = {
    PERSONA_DATA_DIR: dataFolder,
    OLLAMA_RELEASE_URL: releases.base,
    STARTER_MODEL: starter,
    FIRST_LIBRARY: `localhost:${library.port}`,
    FIRST_MODEL: LARGE,
  };
  const service = await startService({ dataFolder: folder.path, environment, entry: join(root, 'test/kit/programs/first-house.ts') });
  return {
    dataFolder,
    releases,
    library,
    service,
    async end() {
      await service.kill('SIGTERM');
      await releases.close();
      await library.close();
      folder.remove();
    },
  };
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const barAt = async (page: Page) => Number(await page.getByRole('progressbar').first().getAttribute('aria-valuenow'));

async function say(page: Page, text: string, replies: number): Promise<void> {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
  await page.locator('.log').getByText(text).first().waitFor();
  await expect.poll(() => page.locator('.reply').count(), WAIT).toBeGreaterThanOrEqual(replies);
  await expect.poll(() => page.locator('.reply').last().locator('.prose').textContent(), WAIT).toMatch(/\w{3}/);
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
}

describe.skipIf(!chromiumPath || process.platform !== 'linux')(`the first minutes${unlessChromium}`, () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    const { PATH = '', HOME = '' } = process.env;
    // Does nothing where out/ is of these sources, as it is in npm test.
    shell(`"${process.execPath}" scripts/build.mjs`, root, { PATH, HOME });
    browser = await openBrowser(chromiumPath ?? '', { scrollbars: false });
    world = await openWorld();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await world?.end();
  }, 60_000);

  it('[W96] one button: Ollama comes, is held and goes on; the starter talks; the large model comes under a licence read before; the talk goes on with it', async () => {
    const { releases, library, service } = world;
    const page = await browser.newPage({ viewport: { width: 1_000, height: 700 } });
    page.setDefaultTimeout(30_000);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    releases.now = SLOW;
    await page.goto(service.pageUrl);

    // Before anything is asked of anybody: what comes, how large, and under which licences.
    await page.getByRole('button', { name: 'Install Ollama 0.33.0' }).waitFor();
    const words = page.getByRole('main');
    for (const said of [LABEL, 'Licence: MIT (DeepSeek)', 'Llama 3.1 Community License', 'Licences: Ollama (MIT)'])
      expect(await words.textContent()).toContain(said);
    expect(releases.requests).toEqual([]);
    expect(library.ranges).toEqual([]);

    await press(page, 'Install Ollama 0.33.0');
    await expect.poll(() => barAt(page), WAIT).toBeGreaterThan(5);
    await press(page, 'Pause');
    await page.getByRole('button', { name: 'Go on', exact: true }).waitFor();
    const heldAt = await barAt(page);
    expect(heldAt).toBeLessThan(100);
    await page.reload();
    await page.getByRole('button', { name: 'Go on', exact: true }).waitFor();
    expect(await barAt(page)).toBe(heldAt);
    const before = releases.requests.length;
    await press(page, 'Go on');
    await expect
      .poll(() => releases.requests.slice(before).find(({ method, file }) => method === 'GET' && file === RELEASE)?.range, WAIT)
      .toMatch(/^bytes=[1-9]\d*-$/);
    releases.now = {};

    // It is started by itself, with the starter model in it; the large one begins to come.
    await page.locator('.composer textarea').waitFor();
    await expect.poll(() => page.locator('.strip-model').textContent(), WAIT).toContain('SmolLM2');
    await page.getByText(`Getting ${LABEL}`).waitFor();
    await say(page, 'Hello, is somebody there?', 1);

    await press(page, 'Go on with it');
    await expect.poll(() => page.locator('.strip-model').textContent(), WAIT).not.toContain('SmolLM2');
    await say(page, 'And is it still you?', 2);
    await expect.poll(() => page.locator('.strip-model').textContent(), WAIT).toContain('DeepSeek');
    await expect.poll(() => page.locator('.log').textContent(), WAIT).toContain('Hello, is somebody there?');
    expect(problems).toEqual([]);
    expect(familyOf(world.dataFolder).length).toBeGreaterThanOrEqual(3);
    await service.kill('SIGTERM');
    await expect.poll(() => familyOf(world.dataFolder), WAIT).toEqual([]);
  }, 180_000);
});
