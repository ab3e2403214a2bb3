/** @file Scenes of talking: empty, thinking, writing, ended in every way a reply can end. */
import type { Page } from 'playwright';
import { Fault } from '../../../src/shared/faults.ts';
import {
  GREETING,
  MINUTE,
  NOW,
  plumCake,
  plumReply,
  plumThought,
  recipeReply,
  recipes,
  type Scene,
  seedRecipes,
  seen,
  write,
} from './scene.ts';
import { seedConversation, seedTurns, seedVersion } from './seeds.ts';

const broken = new Fault('model-crashed', 'The engine stopped in mid-sentence; these words are kept, so try again.', {
  detail: 'llama-server exited with code 139 (SIGSEGV) after 214 tokens',
}).toWire();

const writing = { text: plumReply, thinking: plumThought, tokensPerSecond: 2_000, firstTokenMs: 900, thinksMs: 900, hangs: true };

/** The person says something about the cake; the page's clock goes on as if she read for 1.1 s and thought for 6 s. */
async function askAboutCake(page: Page): Promise<void> {
  await write(page, plumCake);
  await page.getByText('Sarah is reading').waitFor();
  await page.clock.setFixedTime(new Date(NOW + 1_100));
  await page.getByText('Thinking, ').waitFor();
  await page.clock.setFixedTime(new Date(NOW + 7_100));
  await seen(page, 'thumbprint of jam');
}

const everything = `## What Markdown looks like

A paragraph with **bold**, *italic*, ~~struck out~~, \`code\`, and [a link](https://example.org/cards).

- one
- two, which is longer than the others and goes on until it has to be broken into a second line
  - inside two
- [x] done
- [ ] not done

> She kept the tin on the top shelf, where nobody could reach it without a chair.

![the tin, photographed from above](https://example.org/tin.jpg)

\`\`\`ts
export const greet = (name: string) => \`Hello, \${name}\`; // a line that is long enough to be cut off on the right and scrolled to
\`\`\`

---

<b>Raw HTML</b> stays as it was written.`;

export const talkScenes: readonly Scene[] = [
  { name: 'empty', also: ['wide', 'rail'] },
  {
    name: 'chat',
    also: ['wide', 'rail', 'narrow-dark', 'large-text'],
    seed: (store) => {
      const [, second = ''] = seedRecipes(store, [recipes[0] ?? [], { ...recipes[1], reply: 'Ask the cards.' }] as typeof recipes);
      const at = NOW - 22 * MINUTE;
      seedVersion(store, 'recipes', second, { name: 'b', user: recipes[1]?.user ?? '', reply: 'By date, then by hand.', at: at + 1 });
      seedVersion(store, 'recipes', second, { name: 'c', user: recipes[1]?.user ?? '', reply: recipeReply, at: at + 2 });
    },
    model: (house) => house.model.replies.push(writing),
    act: async (page) => {
      await askAboutCake(page);
    },
  },
  {
    name: 'chat-scrolled',
    seed: (store) =>
      seedRecipes(store, [...recipes, { ...(recipes[0] as (typeof recipes)[number]), at: NOW - 5 * MINUTE, trimmedTo: 'recipes-user-1' }]),
    model: (house) => house.model.replies.push(writing),
    act: async (page) => {
      await askAboutCake(page);
      await page.locator('.log').hover();
      await page.mouse.wheel(0, -4_000);
      await page.locator('.pill').waitFor();
      await page.locator('.boundary').waitFor();
    },
  },
  {
    name: 'thinking',
    seed: (store) => seedRecipes(store),
    model: (house) => house.model.replies.push({ ...writing, text: '', hangs: true }),
    act: async (page) => {
      await write(page, plumCake);
      await page.locator('.thought button').last().click();
      await page.getByText('which card was it?').waitFor();
      await page.locator('.pill').click();
      await page.locator('.composer textarea').focus();
    },
  },
  {
    name: 'waiting',
    seed: (store) => seedRecipes(store),
    model: (house) => house.model.replies.push({ ...writing, thinking: '', text: 'Tell me about the cake' }),
    act: async (page) => {
      await write(page, plumCake);
      await seen(page, 'Tell me about the cake');
      await write(page, 'And the card is stained all over now.');
      await page.getByText('Waits until Sarah is done').waitFor();
      await page.locator('.composer textarea').fill('A third thought, not sent yet,\nwith a second line.');
    },
  },
  {
    name: 'endings',
    seed: (store) => {
      seedConversation(store, 'endings', 'How replies end', NOW - 60 * MINUTE, GREETING);
      seedTurns(store, 'endings', [
        { user: 'Tell me about the cake.', reply: 'Was it the card with the thumbprint of jam', status: 'stopped', at: NOW - 50 * MINUTE },
        {
          user: 'This is bad. The tin is gone and I am so sad about it.',
          reply: 'Was it the card with',
          status: 'failed',
          fault: broken,
          at: NOW - 40 * MINUTE,
        },
        {
          user: 'And then?',
          reply: 'Then we go through the attic shelf by shelf, beginning with the',
          finish: 'length',
          at: NOW - 30 * MINUTE,
          usedTokens: 7_900,
        },
      ]);
      store.acceptTurn({
        turnId: 'cut',
        conversationId: 'endings',
        replyId: 'cut-reply',
        startedAt: NOW - 20 * MINUTE,
        user: { id: 'cut-user', text: 'Are you still there?', mood: { compound: 0, positive: 0, negative: 0, neutral: 1 } },
      });
      store.finishTurn({ turnId: 'cut', status: 'failed', text: '', thinking: 'Long.', report: undefined, fault: broken, endedAt: NOW });
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Details' }).last().click();
      await page.locator('.ended pre').waitFor();
    },
  },
  {
    name: 'markdown',
    seed: (store) => {
      seedConversation(store, 'markdown', 'What Markdown looks like', NOW - MINUTE);
      seedTurns(store, 'markdown', [{ user: 'Show me everything.', reply: everything, at: NOW - MINUTE }]);
    },
    act: (page) => seen(page, 'stays as it was written'),
  },
  {
    name: 'refused-message',
    seed: (store) => seedRecipes(store),
    change: (store) => ({
      ...store,
      acceptTurn: () => {
        throw new Fault(
          'store-full',
          'The disk is full, so your message was not saved; it is still here, so make room and send it again.',
          {
            detail: 'SQLITE_FULL: database or disk is full',
          },
        );
      },
    }),
    act: async (page) => {
      await write(page, plumCake);
      await page.getByText('Send again').waitFor();
    },
  },
];
