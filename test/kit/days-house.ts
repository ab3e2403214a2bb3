/** @file The whole program on one data folder over several days: stopped and started again, with its clock where a test puts it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { openDoor } from '../../src/main/api/door.ts';
import { composeHouse } from '../../src/main/compose.ts';
import { readConfig } from '../../src/main/config.ts';
import { stopInOrder } from '../../src/main/shutdown.ts';
import { starterModel } from './ollama/models.ts';
import { createScriptedOllama } from './ollama/scripted-ollama.ts';
import { createPatientClock } from './patient-clock.ts';
import { temporaryFolder } from './service.ts';
import { silentLog } from './silent-log.ts';

const token = 'the-token-of-some-days-0123456789';

export type Day = { page: Page; problems: string[]; stop(): Promise<void> };

/** `reply` is what the model says to everything. */
export async function openDays(browser: Browser, pageFolder: string, reply: string) {
  const folder = temporaryFolder('days');
  const ollama = await createScriptedOllama({ reply: () => ({ text: reply }) });
  const environment = { PERSONA_DATA_DIR: folder.path, SERVICE_PORT: '0', OLLAMA_BASE_URL: ollama.url, OLLAMA_MODEL: starterModel.name };
  const read = readConfig(environment);
  if ('problem' in read) throw new Error(read.problem.sentence);
  const { config } = read;
  const system = createPatientClock();
  let started = 0;

  /** Starts the program with its window at this time, in ms since 1970. */
  async function begin(at: number): Promise<Day> {
    const ahead = at - system.now();
    const clock = { ...system, now: () => system.now() + ahead };
    const ready = Promise.withResolvers<void>();
    const log = { ...silentLog, info: (event: string) => event === 'memory-ready' && ready.resolve() };
    const house = await composeHouse({ config, version: '0.0.0', log, clock, door: 'own' });
    // Whoever speaks at once on a busy machine may be answered without memory; on the first day there is none.
    if (started++ > 0) await ready.promise;
    const { engine, openSession, health } = house;
    const fixed = { host: '127.0.0.1', port: 0, allowedHosts: [], allowedOrigins: [], requireToken: false };
    const door = await openDoor({
      ...{ engine, openSession, health, token, pageFolder, clock },
      config: { ...fixed, pingIntervalS: 30, pingTimeoutS: 10 },
      log: silentLog,
    });
    const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.clock.setFixedTime(new Date(at));
    await page.goto(`${door.url}/#token=${token}`);
    await page.locator('.composer').waitFor();
    return {
      page,
      problems,
      async stop() {
        await context.close();
        await door.close();
        await stopInOrder(house.stopSteps, silentLog);
      },
    };
  }

  return {
    ollama,
    begin,
    /** The files of the data folder that hold these words. */
    holding(words: string): string[] {
      const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const paths = files.map(({ parentPath, name }) => join(parentPath, name));
      return paths.filter((path) => readFileSync(path).includes(words)).map((path) => path.slice(folder.path.length + 1));
    },
    async close() {
      await ollama.close();
      folder.remove();
    },
  };
}
