/** @file The desktop program as a person starts it, in a real Electron, on a screen of its own where there is none. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';

const root = resolve(import.meta.dirname, '../..');

/** Root has to say so to start Chromium at all. */
const rootNeeds = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
/** A start takes two seconds; ten times that and more on a busy machine. */
const START_MS = 60_000;

/** `own`: the checkout's Electron, which Playwright finds by itself and starts with its loader. Without that, a start on a busy machine may be missed. */
type Program = { executable: string; args: string[]; own: boolean };

/**
 * The Electron of this checkout with the built program, or a program that `DESKTOP_PROGRAM` names and that has the build inside.
 * Nothing is asked of the package itself: that would start its download.
 */
function findProgram(): Program | string {
  const named = process.env['DESKTOP_PROGRAM'];
  if (named) return existsSync(named) ? { executable: named, args: rootNeeds, own: false } : `DESKTOP_PROGRAM is not there: ${named}`;
  const electron = join(root, 'node_modules', 'electron');
  const pathFile = join(electron, 'path.txt');
  const executable = existsSync(pathFile) ? join(electron, 'dist', readFileSync(pathFile, 'utf8').trim()) : undefined;
  if (!executable || !existsSync(executable)) return 'no Electron binary in node_modules/electron, get it with npx install-electron';
  if (!existsSync(join(root, 'out', 'main', 'index.js'))) return 'the program is not built, build it with npm run build';
  return { executable, args: [root, ...rootNeeds], own: true };
}

function noScreen(): string | undefined {
  if (process.platform !== 'linux' || process.env['DISPLAY']) return undefined;
  return spawnSync('Xvfb', ['-help']).error ? 'no display and no Xvfb' : undefined;
}

const found = findProgram();
/** Why the desktop program cannot be tried here; undefined where it can. */
export const whyNoDesktop: string | undefined = typeof found === 'string' ? found : noScreen();

/** Why no look can be had at what the program asks of the system; undefined where strace is there. */
export const whyNoTrace: string | undefined = spawnSync('strace', ['-V']).error ? 'no strace' : undefined;

export type Screen = { environment: Record<string, string>; close(): void };

/** The person's own display, or a virtual one that is closed after use. */
export async function openScreen(): Promise<Screen> {
  const { DISPLAY } = process.env;
  if (process.platform !== 'linux') return { environment: {}, close() {} };
  if (DISPLAY) return { environment: { DISPLAY }, close() {} };
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(xvfb.stdio[3] as NodeJS.ReadableStream, 'data');
  return { environment: { DISPLAY: `:${String(number).trim()}` }, close: () => void xvfb.kill('SIGTERM') };
}

export type DesktopOptions = { screen: Screen; dataFolder: string; environment?: Record<string, string> };

function surroundings({ screen, dataFolder, environment }: DesktopOptions) {
  if (typeof found === 'string') throw new Error(found);
  const home = `${dataFolder}-home`;
  mkdirSync(home, { recursive: true });
  const { PATH = '', LANG = 'C.UTF-8' } = process.env;
  const env = { PATH, LANG, HOME: home, PERSONA_DATA_DIR: dataFolder, ...screen.environment, ...environment };
  return { program: found, env };
}

export type Desktop = { app: ElectronApplication; page: Page; process: ChildProcess };

/** Starts the program under Playwright's eyes; its window is there and has loaded. */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const { program, env } = surroundings(options);
  const app = await _electron.launch({
    ...(program.own ? {} : { executablePath: program.executable }),
    chromiumSandbox: !rootNeeds.includes('--no-sandbox'),
    timeout: START_MS,
    args: program.args,
    env,
    cwd: root,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState();
  return { app, page, process: app.process() };
}

export type Ended = { code: number | null; signal: NodeJS.Signals | null };
export type PlainDesktop = { child: ChildProcess; ended: Promise<Ended>; stderr(): string };

/** Starts the program with nobody watching it, as a person does; `under` is a command that starts it in turn. */
export function spawnDesktop(options: DesktopOptions, under: string[] = []): PlainDesktop {
  const { program, env } = surroundings(options);
  const [command = program.executable, ...args] = [...under, program.executable, ...program.args];
  const child = spawn(command, args, { env, cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  return { child, ended, stderr: () => stderr };
}

/** The events of the program's log file, parsed. */
export function desktopLog(dataFolder: string): Record<string, unknown>[] {
  const file = join(dataFolder, 'logs', 'app.log');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** How often each event stands in the program's log. */
export function logged(dataFolder: string, event: string): number {
  return desktopLog(dataFolder).filter((line) => line['event'] === event).length;
}

type Seen = { asked: string[]; opened: string[]; answer?: ((response: number) => void) | undefined };
export type Watched = {
  /** What was asked and opened since the last look. */
  taken(): Promise<{ asked: string[]; opened: string[] }>;
  /** Answers the question that is being asked. */
  answer(answer: 'open' | 'stay'): Promise<void>;
};

/** Puts a notebook where questions are asked and addresses are opened, so that a test answers in place of a person. */
export async function watchLinks(app: ElectronApplication): Promise<Watched> {
  await app.evaluate(({ dialog, shell }) => {
    const seen: Seen = { asked: [], opened: [] };
    Object.assign(globalThis, { seen });
    dialog.showMessageBox = ((_window: unknown, { message }: { message: string }) => {
      seen.asked.push(message);
      return new Promise((resolve) => {
        seen.answer = (response) => resolve({ response, checkboxChecked: false });
      });
    }) as typeof dialog.showMessageBox;
    shell.openExternal = (address) => {
      seen.opened.push(address);
      return Promise.resolve();
    };
  });
  return {
    taken: () =>
      app.evaluate(() => {
        const { asked, opened } = Reflect.get(globalThis, 'seen') as Seen;
        return { asked: asked.splice(0), opened: opened.splice(0) };
      }),
    answer: (answer) =>
      app.evaluate((_electron, response) => (Reflect.get(globalThis, 'seen') as Seen).answer?.(response), answer === 'open' ? 0 : 1),
  };
}

/** Resolves when everything the page has sent was taken in: messages keep their order. Takes the place of the page's own session. */
export async function allHeard(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => window.companion?.subscribe(resolve)));
}
