/** @file A browser that shows the page in a window of its own, or any browser there is. */
import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ended, letGo, startChild } from './children.mjs';

/** A browser that ends this soon has shown nothing, or has handed the page to one that was running already. */
const AT_ONCE_MS = 3_000;

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
];
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
];

/** Nothing is to leave the machine: no updates, reports, sync or first-run pages of the browser's own. */
const quiet = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--disable-breakpad',
];

/** Whether a window could be seen by anybody. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The first browser of Chromium's family that is there. */
export function findBrowser() {
  return candidates().find((path) => existsSync(path));
}

function candidates() {
  const said = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : [];
  if (process.platform === 'darwin') return [...said, ...macApps.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)];
  if (process.platform === 'win32') {
    const { ProgramFiles = '', 'ProgramFiles(x86)': other = '', LOCALAPPDATA = '' } = process.env;
    return [
      ...said,
      ...[ProgramFiles, other, LOCALAPPDATA].filter(Boolean).flatMap((root) => windowsPrograms.map((name) => join(root, name))),
    ];
  }
  return [...said, ...names.map((name) => findProgram(name)).filter(Boolean)];
}

/** A program's path as a shell would find it. */
export function findProgram(name) {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name + ending));
  return paths.find((path) => isExecutable(path));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'].includes(error.code)) return false;
    throw error;
  }
}

/**
 * Opens the page: `closed` resolves when its window is closed, where that can be known. Undefined where no browser took it.
 * With `stays` the window belongs to somebody else's engine and outlives this process.
 */
export async function openPage(page, dataFolder, { stays = false } = {}) {
  const browser = findBrowser();
  if (browser) {
    const opened = await openApp(browser, page, dataFolder, stays);
    if (opened) return opened;
  }
  return (await openDefault(page)) ? { how: 'in your browser', closed: undefined } : undefined;
}

async function openApp(browser, page, dataFolder, stays) {
  const profile = profileFolder(browser, dataFolder);
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  // Chromium refuses to run as root with its sandbox; --test-type keeps it from saying so across the page.
  const asRoot = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox', '--test-type'] : [];
  const args = [`--app=${page}`, `--user-data-dir=${profile}`, '--window-size=1180,820', ...quiet, ...asRoot];
  const child = start(browser, args, stays);
  const closed = ended(child);
  const code = await Promise.race([closed, pause(AT_ONCE_MS)]);
  if (code === undefined) return { how: 'in a window of its own', closed: stays ? undefined : closed };
  return code === 0 ? { how: 'in a browser window that was open already', closed: undefined } : undefined;
}

function start(program, args, stays) {
  const child = startChild(program, args, { stdio: 'ignore', detached: stays });
  if (stays) letGo(child);
  return child;
}

/** A profile of its own, so that the window's end can be seen; a snap may not look into hidden folders. */
function profileFolder(browser, dataFolder) {
  const isSnap = browser.startsWith('/snap/') || realpathSync(browser) === '/usr/bin/snap';
  return isSnap ? join(homedir(), 'snap', 'chromium', 'common', 'persona-engine') : join(dataFolder, 'browser');
}

async function openDefault(page) {
  const [program, ...args] = { darwin: ['open', page], win32: ['rundll32', 'url.dll,FileProtocolHandler', page] }[process.platform] ?? [
    'xdg-open',
    page,
  ];
  const child = start(program, args, true);
  const code = await Promise.race([ended(child), pause(AT_ONCE_MS, 0)]);
  return code === 0;
}
