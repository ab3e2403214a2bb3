/** @file Makes pictures of every screen and state into docs/screens; a picture is written again only where its pixels changed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright';
import { createFixedSettings } from '../test/kit/fixed-settings.ts';
import { findChromium, openBrowser } from '../test/kit/page/browser.ts';
import { buildPage } from '../test/kit/page/build.ts';
import { openPageHouse, pageGeneration } from '../test/kit/page/page-house.ts';
import { NOW, type Scene } from '../test/kit/page/scene.ts';
import { cardScenes } from '../test/kit/page/scenes-cards.ts';
import { doorScenes } from '../test/kit/page/scenes-door.ts';
import { houseScenes } from '../test/kit/page/scenes-house.ts';
import { memoryScenes } from '../test/kit/page/scenes-memory.ts';
import { modelScenes } from '../test/kit/page/scenes-models.ts';
import { runtimeScenes } from '../test/kit/page/scenes-runtime.ts';
import { steerScenes } from '../test/kit/page/scenes-steer.ts';
import { talkScenes } from '../test/kit/page/scenes-talk.ts';

type Look = { suffix: string; width: number; height: number; theme: 'light' | 'dark'; textPixels?: number };

const usual: readonly Look[] = [
  { suffix: 'light', width: 1280, height: 820, theme: 'light' },
  { suffix: 'dark', width: 1280, height: 820, theme: 'dark' },
  { suffix: 'narrow', width: 400, height: 620, theme: 'light' },
];
const further: Readonly<Record<NonNullable<Scene['also']>[number], Look>> = {
  wide: { suffix: 'wide', width: 1600, height: 900, theme: 'light' },
  rail: { suffix: 'rail', width: 860, height: 700, theme: 'dark' },
  'narrow-dark': { suffix: 'narrow-dark', width: 400, height: 620, theme: 'dark' },
  'large-text': { suffix: 'large-text', width: 1280, height: 820, theme: 'light', textPixels: 32 },
};

const LARGEST_BYTES = 100_000;
const folder = resolve(import.meta.dirname, '../docs/screens');
const magick = ['/usr/bin/convert', '/usr/local/bin/convert'].find((path) => existsSync(path));

/** Fewer colours make a picture of an interface a third of its size, and nobody sees it. */
function reduce(png: Buffer): Buffer {
  if (!magick) return png;
  for (const colours of [224, 96, 48]) {
    const small = execFileSync(
      magick,
      ['png:-', '+dither', '-colors', String(colours), '-define', 'png:exclude-chunks=date,time', 'png8:-'],
      { input: png },
    );
    if (small.length <= LARGEST_BYTES) return small;
  }
  throw new Error('A picture stays larger than 100 kB.');
}

const pixels = (png: Buffer) => (magick ? execFileSync(magick, ['png:-', 'rgba:-'], { input: png, maxBuffer: 64 * 1024 * 1024 }) : png);

/** The corner of a rounded edge comes out one way or the other from time to time; a full stop is more than this. */
const RESTLESS_PIXELS = 6;
const SEEN_DIFFERENCE = 24;

function isSame(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length) return false;
  let different = 0;
  for (let at = 0; at < one.length && different <= RESTLESS_PIXELS; at += 4) {
    const by = (channel: number) => Math.abs((one[at + channel] ?? 0) - (other[at + channel] ?? 0));
    if (Math.max(by(0), by(1), by(2)) > SEEN_DIFFERENCE) different += 1;
  }
  return different <= RESTLESS_PIXELS;
}

/** Writes the picture where it differs from the one that is there; returns whether it did. */
function keep(name: string, png: Buffer): boolean {
  const file = join(folder, `${name}.png`);
  const small = reduce(png);
  if (existsSync(file) && isSame(pixels(readFileSync(file)), pixels(small))) return false;
  writeFileSync(file, small);
  return true;
}

async function picture(browser: Browser, pageFolder: string, scene: Scene, look: Look): Promise<Buffer> {
  const { change, door, memory } = scene;
  const settings = createFixedSettings(pageGeneration);
  if (scene.settings) settings.change(scene.settings);
  const given = { ...(change ? { change } : {}), ...(door ? { door } : {}), ...(memory ? { memory } : {}) };
  const house = await openPageHouse({ pageFolder, startAt: NOW, settings, ...given });
  scene.seed?.(house.store);
  scene.model?.(house);
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.theme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error' && line.text().includes('Content Security Policy')) problems.push(line.text());
  });
  try {
    await page.clock.setFixedTime(new Date(NOW));
    await page.goto(scene.withoutToken ? house.url : house.address);
    if (look.textPixels) {
      const devtools = await context.newCDPSession(page);
      await devtools.send('Page.setFontSizes', { fontSizes: { standard: look.textPixels, fixed: look.textPixels } });
    }
    await page.locator('h1, .greeting').first().waitFor();
    await scene.act?.(page, house);
    await page.evaluate(() => document.fonts.ready);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return await page.screenshot({ animations: 'disabled' });
  } finally {
    await context.close();
    await house.close();
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const chromium = findChromium();
  if (!chromium) throw new Error('No chromium here; set CHROMIUM_PATH or install one, then run this again.');
  mkdirSync(folder, { recursive: true });
  const pageFolder = mkdtempSync(join(tmpdir(), 'persona-screens-'));
  await buildPage(pageFolder);
  const browser = await openBrowser(chromium, { scrollbars: false });
  let made = 0;
  const written: string[] = [];
  try {
    for (const scene of [
      ...talkScenes,
      ...houseScenes,
      ...runtimeScenes,
      ...doorScenes,
      ...modelScenes,
      ...steerScenes,
      ...cardScenes,
      ...memoryScenes,
    ]) {
      if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
      for (const look of [...usual, ...(scene.also ?? []).map((also) => further[also])]) {
        const name = `${scene.name}-${look.suffix}`;
        try {
          if (keep(name, await picture(browser, pageFolder, scene, look))) written.push(name);
        } catch (error) {
          throw new Error(`The picture ${name} could not be made.`, { cause: error });
        }
        made += 1;
      }
    }
  } finally {
    await browser.close();
    rmSync(pageFolder, { recursive: true });
  }
  console.log(`screens: ${made} looked at, ${written.length} written to docs/screens${written.map((name) => `\n  ${name}`).join('')}`);
}

await main(process.argv.slice(2));
