/** @file One browser and one built page for a file of tests; every test gets a house and a window of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { findPageBrowser, openBrowser } from './browser.ts';
import { buildPage } from './build.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';

export const chromiumPath = findPageBrowser();
/** Ends a suite's title, so that a skip says why. */
export const unlessChromium = chromiumPath ? '' : ' (skipped: no chromium was found)';

export type Opened = {
  house: PageHouse;
  pageFolder: string;
  context: BrowserContext;
  page: Page;
  /** Broken policies, errors of scripts, requests to anywhere but the house. */
  problems: string[];
  /** A further window of the same house, as another tab with its own storage. */
  another(): Promise<Page>;
  close(): Promise<void>;
};

export type Pages = {
  open(options?: {
    prepare?: (house: PageHouse) => void;
    context?: BrowserContextOptions;
    house?: Partial<Parameters<typeof openPageHouse>[0]>;
  }): Promise<Opened>;
  close(): Promise<void>;
};

function watch(page: Page, origin: string, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('WebSocket connection')) problems.push(`console: ${line.text()}`);
  });
  page.on('request', (request) => {
    // What the page made itself is asked of nobody.
    if (
      !request
        .url()
        .replace(/^blob:/, '')
        .startsWith(origin)
    )
      problems.push(`request: ${request.url()}`);
  });
}

async function openWindow(browser: Browser, house: PageHouse, problems: string[], options: BrowserContextOptions) {
  const context = await browser.newContext({ viewport: { width: 1_000, height: 700 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  // Errors that are no exceptions, such as a loop of sizes that depend on each other, are told to the page alone.
  await page.addInitScript(() =>
    window.addEventListener('error', ({ error, message }) => {
      if (!error) console.error(`without an exception: ${message}`);
    }),
  );
  watch(page, house.url, problems);
  await page.goto(house.address);
  await page.locator('.composer, .first-run, .plain-screen h1').first().waitFor();
  return { context, page };
}

/** Builds the page and starts a browser; only where there is one. */
export async function openPages(): Promise<Pages> {
  if (!chromiumPath) throw new Error('no chromium');
  const pageFolder = mkdtempSync(join(tmpdir(), 'persona-page-'));
  await buildPage(pageFolder);
  const browser = await openBrowser(chromiumPath, { scrollbars: true });
  return {
    async open({ prepare, context: contextOptions = {}, house: houseOptions } = {}) {
      const house = await openPageHouse({ pageFolder, ...houseOptions });
      prepare?.(house);
      const problems: string[] = [];
      const { context, page } = await openWindow(browser, house, problems, contextOptions);
      const contexts = [context];
      return {
        house,
        pageFolder,
        context,
        page,
        problems,
        async another() {
          const other = await openWindow(browser, house, problems, contextOptions);
          contexts.push(other.context);
          return other.page;
        },
        async close() {
          for (const each of contexts) await each.close();
          await house.close();
        },
      };
    },
    async close() {
      await browser.close();
      rmSync(pageFolder, { recursive: true, force: true });
    },
  };
}
