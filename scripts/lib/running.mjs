/** @file An engine that runs already: its page is opened in the place of a second one. */
import { setTimeout as pause } from 'node:timers/promises';
import { hasDisplay, openPage } from './browser.mjs';
import { holderOf } from './data-folder.mjs';
import { say } from './words.mjs';

/** Another engine that is still starting says its page within this. */
const HOLDER_MS = 20_000;
const LOOK_EVERY_MS = 100;
const ANSWER_MS = 1_000;

/** Opens the page of the engine that holds the data folder, if one answers there; says whether it did. */
export async function openIfRunning(dataFolder) {
  const holder = holderOf(dataFolder);
  if (!holder?.pageUrl || !(await answers(holder.url))) return false;
  await open(holder.pageUrl, dataFolder);
  return true;
}

/** As `openIfRunning`, and waits for one that has the folder but not yet a page. */
export async function openOnceRunning(dataFolder) {
  const until = Date.now() + HOLDER_MS;
  for (;;) {
    const holder = holderOf(dataFolder);
    if (holder?.pageUrl) {
      await open(holder.pageUrl, dataFolder);
      return true;
    }
    if (!holder || Date.now() > until) return false;
    await pause(LOOK_EVERY_MS);
  }
}

/** What a file says of a process may be of yesterday; only an answer is of now. */
async function answers(url) {
  try {
    const { headers } = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return headers.get('content-type')?.startsWith('application/json') ?? false;
  } catch {
    // Nobody is there any more, whatever the words for it: an engine of our own is started.
    return false;
  }
}

async function open(page, dataFolder) {
  const window = hasDisplay() ? await openPage(page, dataFolder, { stays: true }) : undefined;
  const where = window ? `its page is open ${window.how}.` : `its page: ${page}`;
  say(`Persona Engine is running already; ${where}`);
}
