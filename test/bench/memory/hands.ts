/** @file How long the loop of the service as it is built is held by what a person does with what is remembered, beside many messages. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import type { CarriedMemory } from '../../../src/shared/memories.ts';
import { PAGE_MEMORIES, UNDO_FORGET_MS } from '../../../src/shared/notes-limits.ts';
import { connect } from '../../kit/client.ts';
import { startService, temporaryFolder } from '../../kit/service.ts';
import { silentLog } from '../../kit/silent-log.ts';
import { startModelServer } from '../path-ways.ts';
import { LONG, manyTurns, writeAll } from './forgetting.ts';
import type { Loop } from './loop.ts';

const program = resolve(import.meta.dirname, '../../../out/main/headless.js');
const probe = resolve(import.meta.dirname, '../../kit/programs/loop-probe.mjs');
/** Recall has read everything, and the first collections are over. */
const SETTLED_MS = 4_000;
/** What comes behind an action is over by then. */
const BEHIND_MS = 150;
/** Seeds of the texts of memories, other ones than those of the messages. */
const KNOWN_SEED = 500_000;
const NEW_SEED = 600_000;

function memoriesOf(seed: number, count: number): CarriedMemory[] {
  const made = manyTurns(count * 2, seed).filter(({ text }) => text.length <= 300);
  const [at] = made;
  return made.slice(0, count).map(({ text }, n) => ({
    kind: (['you', 'likes', 'people', 'plans', 'told'] as const)[n % 5] ?? 'you',
    text,
    confidence: 1,
    pinned: false,
    edited: false,
    learnedAt: (at?.at ?? 0) + n,
    saidAt: (at?.at ?? 0) + n,
  }));
}

export type Deed = { name: string; loop: Loop };

export async function measureHands(messages: number, notes: number): Promise<Deed[]> {
  const folder = temporaryFolder('bench-hands');
  const store = openStore({ folder: folder.path, log: silentLog, now: Date.now, outbox: false });
  const spoken = writeAll(`${folder.path}/conversations.db`, manyTurns(messages));
  const pair = { userId: 'default', characterId: 'default' };
  const rest = { subject: '', single: false, supersedes: [], supersededBy: undefined };
  store.notes.bringIn(
    pair,
    memoriesOf(KNOWN_SEED, notes).map((each, n) => ({ ...each, ...rest, id: `note-${n}` })),
  );
  store.close();
  const ollama = await startModelServer({ firstTokenMs: 20, tokenMs: 2, words: 40 });
  const report = `${folder.path}/loop.json`;
  const environment = { OLLAMA_BASE_URL: ollama.url, NODE_OPTIONS: `--import=${probe}`, LOOP_PROBE: report };
  const service = await startService({ dataFolder: folder.path, environment, entry: program });
  const names: string[] = [];
  const stretch = () => service.process.kill('SIGUSR2');
  const deed = async (name: string, action: () => Promise<unknown>) => {
    names.push(name);
    await action();
    await pause(BEHIND_MS);
    stretch();
  };
  stretch();
  const client = await connect(service.url);
  await deed('the start', () => pause(SETTLED_MS));
  const { ask } = client;
  const one = async (command: Parameters<typeof ask>[0]) => {
    const answer = await ask(command);
    if (answer.type === 'command-failed') throw new Error(`${command.type}: ${answer.fault.message}`);
    return answer;
  };
  await deed('nothing', () => pause(500));
  await deed('listed', () => one({ type: 'list-memories', filter: {} }));
  await deed('listed again', () => one({ type: 'list-memories', filter: {} }));
  await deed('searched', () => one({ type: 'list-memories', filter: { query: 'xyzzy' } }));
  await deed('of one conversation', () => one({ type: 'list-memories', filter: { conversationId: LONG } }));
  await deed('opened', () => one({ type: 'show-memory', memoryId: 'note-7' }));
  await deed('opened again', () => one({ type: 'show-memory', memoryId: 'note-8' }));
  await deed('told', () => one({ type: 'add-memory', characterId: 'default', kind: 'you', text: 'You keep a boat in Whitby harbour.' }));
  await deed('told again', () =>
    one({ type: 'add-memory', characterId: 'default', kind: 'you', text: 'You keep a goat in Norwich, a white one.' }),
  );
  await deed('changed', () => one({ type: 'change-memory', memoryId: 'note-9', text: 'You keep bees.', pinned: true }));
  await deed('carried out', async () => {
    for (let before: string | undefined, first = true; first || before !== undefined; first = false) {
      const answer = await one({ type: 'export-memories', characterId: 'default', ...(before === undefined ? {} : { before }) });
      before = answer.type === 'memories-exported' ? answer.before : undefined;
    }
  });
  const brought = async (memories: CarriedMemory[]) => {
    for (let at = 0; at < memories.length; at += PAGE_MEMORIES)
      await one({ type: 'import-memories', characterId: 'default', memories: memories.slice(at, at + PAGE_MEMORIES) });
  };
  const fresh = memoriesOf(NEW_SEED, 500);
  await deed('500 brought in', () => brought(fresh));
  await deed('the same again', () => brought(fresh));
  await deed('500 brought in with other words', () =>
    brought(fresh.map((each) => ({ ...each, text: `${each.text.slice(0, 280)} Not so!` }))),
  );
  await deed('forgotten', async () => {
    await one({ type: 'forget-memory', memoryId: 'note-10', withMessages: true });
    await pause(UNDO_FORGET_MS + 3_000);
  });
  await deed('message forgotten', async () => {
    await one({ type: 'forget-message', messageId: spoken });
    await pause(UNDO_FORGET_MS + 3_000);
  });
  await deed('a long conversation not remembered', () => one({ type: 'remember-conversation', conversationId: LONG, remembered: false }));
  await deed('and remembered again', () => one({ type: 'remember-conversation', conversationId: LONG, remembered: true }));
  await deed('conversations listed', () => one({ type: 'list-conversations' }));
  await deed('conversations searched', () => one({ type: 'list-conversations', query: 'xyzzy' }));
  await deed('long conversation opened', () => one({ type: 'attach-conversation', conversationId: LONG }));
  const opened = client.events.findLast((event) => event.type === 'conversation-attached');
  const last = opened?.type === 'conversation-attached' ? opened.messages.at(-1) : undefined;
  await deed('older', () =>
    one({ type: 'load-messages', conversationId: LONG, before: opened?.type === 'conversation-attached' ? (opened.before ?? '') : '' }),
  );
  for (const text of ['And what do you know of my sister?', 'And what else?']) {
    const turnId = `turn-${text.length}`;
    await deed(`a turn in the long conversation`, async () => {
      await one({ type: 'start-turn', turnId, conversationId: LONG, text });
      await client.until('turn-ended', (event) => event.turnId === turnId);
    });
  }
  const ended = client.events.findLast((event) => event.type === 'turn-ended');
  await deed('explained', () => one({ type: 'explain-reply', messageId: ended?.type === 'turn-ended' ? (ended.message?.id ?? '') : '' }));
  await deed('branched', () => one({ type: 'branch-conversation', conversationId: LONG, messageId: last?.id ?? '' }));
  await deed('long conversation deleted', async () => {
    await one({ type: 'delete-conversation', conversationId: LONG });
    await pause(12_000);
  });
  client.close();
  await service.kill('SIGTERM');
  await ollama.stop();
  const loops = JSON.parse(readFileSync(report, 'utf8')) as Loop[];
  folder.remove();
  return names.map((name, at) => ({ name, loop: loops[at] ?? { heldMs: Number.NaN, lateMs: Number.NaN } }));
}
