/** @file A chromium for the page: found, not fetched; one line where there is none. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

const places = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];

const found = (paths: readonly string[]): string | undefined =>
  [process.env['CHROMIUM_PATH'] ?? '', ...paths].find((path) => path !== '' && existsSync(path));

export const findChromium = (): string | undefined => found(places);

/** The same engine without the browser around it, where it is there: it draws a page with half the processor time. */
export const findPageBrowser = (): string | undefined => found(['/usr/bin/chromium-headless-shell', ...places]);

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];

/** `scrollbars`: pictures have none, so that they are the same wherever they are made. */
export function openBrowser(executablePath: string, { scrollbars }: { scrollbars: boolean }): Promise<Browser> {
  const ignoreDefaultArgs = scrollbars ? ['--hide-scrollbars'] : [];
  return chromium.launch({ executablePath, args: scrollbars ? quiet.slice(0, -1) : quiet, ignoreDefaultArgs });
}
