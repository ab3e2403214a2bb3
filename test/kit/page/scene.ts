/** @file A scene is one state of the window: what is on disk, what the model does, what the person did. */
import type { Page } from 'playwright';
import type { OpenedStore } from '../../../src/main/adapters/sqlite/open.ts';
import type { DoorPort } from '../../../src/main/engine/door.ts';
import type { Memory } from '../../../src/main/engine/memory-port.ts';
import type { Store } from '../../../src/main/engine/ports.ts';
import type { SettingsPatch } from '../../../src/shared/settings.ts';
import type { PageHouse } from './page-house.ts';
import { type SeedTurn, seedConversation, seedShelf, seedTurns } from './seeds.ts';

/** Monday, 23 November 2026, 21:14 in Berlin: every picture is made in this minute. */
export const NOW = Date.UTC(2026, 10, 23, 20, 14);
export const MINUTE = 60_000;
export const GREETING =
  "Hello. I'm Sarah. I live on this computer and nowhere else, so whatever we talk about stays between us and your disk. What's going on today?";

export type Scene = {
  name: string;
  /** What is on disk before the page opens. */
  seed?(store: OpenedStore): void;
  /** What the model is and will say. */
  model?(house: PageHouse): void;
  /** What the person does; the picture is made when it resolves. */
  act?(page: Page, house: PageHouse): Promise<void>;
  /** Changes the store, to make it fail. */
  change?(store: Store): Store;
  /** What is recalled. */
  memory?: Memory;
  /** The door for other programs, and what was set before. */
  door?: DoorPort;
  settings?: SettingsPatch;
  /** Opens the page without its token. */
  withoutToken?: true;
  /** The program is not there at all. */
  gone?: true;
  /** Further widths of this scene. */
  also?: readonly ('wide' | 'rail' | 'narrow-dark' | 'large-text')[];
};

const code = [
  'from pathlib import Path',
  'from shutil import copy2',
  '',
  '# copies only; the scans stay where they are',
  'for n, scan in enumerate(sorted(Path("scans").glob("IMG_*.jpg")), 1):',
  '    copy2(scan, Path("cards") / f"card-{n:03}.jpg")',
].join('\n');

export const recipeReply = [
  'Let the computer do the dull part and keep the good part for yourself. This numbers *copies*, so the scans in `scans/` stay exactly as they are:',
  `\`\`\`python\n${code}\n\`\`\``,
  'Then, ten at a time, with something warm to drink:',
  '1. Read the name on the card aloud and rename the file to it.\n2. No date? Guess the decade from the ink and put a question mark after it.\n3. Stained cards first. Those are the ones she used.',
  '| Pile | Cards | Evenings | Start with |\n|---|--:|--:|---|\n| Dated | 131 | 3 | the oldest, 1958 |\n| Undated | 64 | 2 | the blue ink |\n| Stained | 17 | 1 | the plum cake |',
].join('\n\n');

export const recipes: readonly SeedTurn[] = [
  {
    user: 'I found the tin in the attic. I sat there for an hour and could not open it.',
    reply: 'Then that was the hour it needed. The tin has waited this long; it will not mind waiting until you have company.',
    at: NOW - 26 * 60 * MINUTE,
  },
  { user: 'All scanned: 212 files, every one called IMG_something. How do I sort them?', reply: recipeReply, at: NOW - 22 * MINUTE },
];

export const plumCake = 'It worked first time. Made her plum cake tonight and the whole table went quiet. Great evening.';
export const plumReply =
  'Then it was more than a tidy folder you made. You put her hands back in the kitchen for an evening, and everyone at that table knew whose they were. Was it the card with the thumbprint of jam';
export const plumThought =
  'They are glad, and it is about the grandmother, not about the script. Say that. One question, a concrete one: which card was it?';

/** The shelf, and one conversation about recipe cards on top of it. */
export function seedRecipes(store: Store, turns: readonly SeedTurn[] = recipes): string[] {
  seedShelf(store, NOW);
  seedConversation(store, 'recipes', 'Gran’s recipe cards', NOW - 26 * 60 * MINUTE, GREETING);
  return seedTurns(store, 'recipes', turns);
}

export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
}

/** Waits until the words stand in the log. */
export async function seen(page: Page, text: string): Promise<void> {
  await page.locator('.log').getByText(text).first().waitFor();
}
