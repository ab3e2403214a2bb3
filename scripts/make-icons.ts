/** @file Draws the program's icon in every size and shape that Linux, Windows and macOS want, from the page's own icon.svg. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, openBrowser } from '../test/kit/page/browser.ts';
import { icnsOf, icoOf, type Picture } from './lib/icon-files.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'resources', 'icons');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Sizes that a Windows shell asks for; larger ones are made from the largest. */
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
/** Sizes that a Linux desktop looks for; its packer wants each as a file. */
const linuxSizes = [16, 32, 48, 64, 128, 256, 512];

async function draw(): Promise<Picture[]> {
  const chromium = findChromium();
  if (!chromium) throw new Error('No chromium here; set CHROMIUM_PATH or install one, then run this again.');
  const svg = readFileSync(join(root, 'src', 'renderer', 'public', 'icon.svg'), 'utf8');
  const browser = await openBrowser(chromium, { scrollbars: false });
  try {
    const page = await browser.newPage();
    const pictures: Picture[] = [];
    for (const size of sizes) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>html,body{margin:0;background:none}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
      pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

const pictures = await draw();
const only = (wanted: readonly number[]) => pictures.filter(({ size }) => wanted.includes(size));
mkdirSync(join(target, 'linux'), { recursive: true });
for (const { size, png } of only(linuxSizes)) writeFileSync(join(target, 'linux', `${size}x${size}.png`), png);
writeFileSync(join(target, 'icon.ico'), icoOf(only(windowsSizes)));
writeFileSync(join(target, 'icon.icns'), icnsOf(pictures));
console.log(`icons: ${pictures.map(({ size, png }) => `${size} px ${png.length} bytes`).join(', ')}`);
