/** @file How long the loop of the service as it is built is held by what a person does, with what is remembered above all, beside many messages. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { UNDO_DELETE_MS } from '../../../src/shared/limits.ts';
import type { CarriedMemory } from '../../../src/shared/memories.ts';
import { NOTE_CHARACTERS, PAGE_MEMORIES } from '../../../src/shared/notes-limits.ts';
import { connect } from '../../kit/client.ts';
import { startService, temporaryFolder } from '../../kit/service.ts';
import { silentLog } from '../../kit/silent-log.ts';
import { startModelServer } from '../path-ways.ts';
import { LONG, manyTurns, writeAll } from './forgetting.ts';
import type { Loop } from './loop.ts';

const program = resolve(import.meta.dirname, '../../../out/main/headless.js');
const probe = resolve(import.meta.dirname, '../../kit/programs/loop-probe.mjs');
/** Recall has read everything by then. */
const START_MS = 4_000;
/** What comes behind an action is over by then. */
const BEHIND_MS = 150;
/** Until a signal has arrived, which comes by another way than what is asked next. */
const SIGNAL_MS = 50;
/** A removal of twenty thousand messages with its rest. */
const REMOVED_MS = 12_000;
/** Seeds of the texts of memories, other ones than those of the messages. */
const KNOWN_SEED = 500_000;
const NEW_SEED = 600_000;
const BROUGHT = 500;
const PAIR = { userId: 'default', characterId: 'default' };
const KINDS = ['you', 'likes', 'people', 'plans', 'told'] as const;

function memoriesOf(seed: number, count: number): CarriedMemory[] {
  const turns = manyTurns(count * 2, seed).filter(({ text }) => text.length <= NOTE_CHARACTERS);
  const from = turns[0]?.at ?? 0;
  return turns.slice(0, count).map(({ text }, n) => ({
    kind: KINDS[n % KINDS.length] ?? 'you',
    text,
    confidence: 1,
    pinned: false,
    edited: false,
    learnedAt: from + n,
    saidAt: from + n,
  }));
}

/** Answers the id of a message that was said once. */
function layStore(folder: string, messages: number, notes: number): string {
  const store = openStore({ folder, log: silentLog, now: Date.now, outbox: false });
  const file = `${folder}/conversations.db`;
  const spoken = writeAll(file, manyTurns(messages));
  const rest = { subject: '', single: false, supersedes: [], supersededBy: undefined };
  store.notes.bringIn(
    PAIR,
    memoriesOf(KNOWN_SEED, notes).map((each, n) => ({ ...each, ...rest, id: `note-${n}` })),
  );
  store.close();
  const database = new DatabaseSync(file);
  // Everything was learnt from when it was said.
  database.exec(`INSERT INTO learning (conversation_id, rules, notes, summary)
    SELECT conversation_id, max(number), max(number), max(number) FROM messages GROUP BY conversation_id`);
  database.close();
  return spoken;
}

export type Deed = { name: string; tookMs: number; loop: Loop };
type Client = Awaited<ReturnType<typeof connect>>;
type Asked = Parameters<Client['ask']>[0];
type Do = (name: string, action: () => Promise<unknown>) => Promise<void>;

function hands(client: Client) {
  const { characterId } = PAIR;
  const ask = async (command: Asked) => {
    const answer = await client.ask(command);
    if (answer.type === 'command-failed') throw new Error(`${command.type}: ${answer.fault.message}`);
    return answer;
  };
  const gone = () => client.events.filter(({ type }) => type === 'memory-gone').length;
  return {
    ask,
    async carryOut() {
      for (let before: string | undefined, first = true; first || before !== undefined; first = false) {
        const answer = await ask({ type: 'export-memories', characterId, ...(before === undefined ? {} : { before }) });
        before = answer.type === 'memories-exported' ? answer.before : undefined;
      }
    },
    async bringIn(memories: readonly CarriedMemory[]) {
      for (let at = 0; at < memories.length; at += PAGE_MEMORIES)
        await ask({ type: 'import-memories', characterId, memories: memories.slice(at, at + PAGE_MEMORIES) });
    },
    /** Until nothing of it is in any file. */
    async forget(command: Asked) {
      const before = gone();
      await ask(command);
      while (gone() === before) await pause(BEHIND_MS);
    },
    async talk(conversationId: string, turnId: string, text: string) {
      await ask({ type: 'start-turn', turnId, conversationId, text });
      const { message } = await client.until('turn-ended', (event) => event.turnId === turnId);
      return message?.id ?? '';
    },
  };
}

async function withMemories(client: Client, spoken: string, deed: Do): Promise<void> {
  const { ask, carryOut, bringIn, forget } = hands(client);
  const { characterId } = PAIR;
  const told = (text: string) => ask({ type: 'add-memory', characterId, kind: 'you', text });
  await deed('memories listed', () => ask({ type: 'list-memories', filter: {} }));
  await deed('searched for what is nowhere', () => ask({ type: 'list-memories', filter: { query: 'xyzzy' } }));
  await deed('those of one conversation', () => ask({ type: 'list-memories', filter: { conversationId: LONG } }));
  await deed('one opened', () => ask({ type: 'show-memory', memoryId: 'note-7' }));
  await deed('one told', () => told('You keep a boat in Whitby harbour.'));
  await deed('another told', () => told('You keep a goat in Norwich, a white one.'));
  await deed('one changed', () => ask({ type: 'change-memory', memoryId: 'note-9', text: 'You keep bees.', pinned: true }));
  await deed('all carried out', carryOut);
  const fresh = memoriesOf(NEW_SEED, BROUGHT);
  await deed(`${BROUGHT} brought in`, () => bringIn(fresh));
  await deed('the same once more', () => bringIn(fresh));
  const other = (text: string) => `${text.slice(0, NOTE_CHARACTERS - 10)} Not so!`;
  await deed('the same in other words', () => bringIn(fresh.map((each) => ({ ...each, text: other(each.text) }))));
  await deed('one forgotten that much tells', () => forget({ type: 'forget-memory', memoryId: 'note-10', withMessages: true }));
  await deed('one message forgotten', () => forget({ type: 'forget-message', messageId: spoken }));
}

async function withConversations(client: Client, deed: Do): Promise<void> {
  const { ask, talk } = hands(client);
  const [conversationId, messageId] = [LONG, { of: '' }];
  await deed('a long conversation not remembered', () => ask({ type: 'remember-conversation', conversationId, remembered: false }));
  await deed('… and again', () => ask({ type: 'remember-conversation', conversationId, remembered: true }));
  await deed('conversations listed', () => ask({ type: 'list-conversations' }));
  await deed('… and searched', () => ask({ type: 'list-conversations', query: 'xyzzy' }));
  await deed('the long one opened', () => ask({ type: 'attach-conversation', conversationId }));
  const opened = client.events.findLast((event) => event.type === 'conversation-attached');
  const before = opened?.type === 'conversation-attached' ? (opened.before ?? '') : '';
  await deed('… older messages', () => ask({ type: 'load-messages', conversationId, before }));
  await deed('… a turn', () => talk(conversationId, 'turn-1', 'And what do you know of my sister?'));
  await deed('… another', async () => {
    messageId.of = await talk(conversationId, 'turn-2', 'And what else?');
  });
  await deed('… its reply explained', () => ask({ type: 'explain-reply', messageId: messageId.of }));
  await deed('… branched', () => ask({ type: 'branch-conversation', conversationId, messageId: messageId.of }));
  await deed('… deleted and removed', async () => {
    await ask({ type: 'delete-conversation', conversationId });
    await pause(UNDO_DELETE_MS + REMOVED_MS);
  });
}

/** `notes`: memories that are known already. */
export async function measureHands(messages: number, notes: number): Promise<Deed[]> {
  const folder = temporaryFolder('bench-hands');
  const spoken = layStore(folder.path, messages, notes);
  const ollama = await startModelServer({ firstTokenMs: 20, tokenMs: 2, words: 40 });
  const report = `${folder.path}/loop.json`;
  const environment = { OLLAMA_BASE_URL: ollama.url, NODE_OPTIONS: `--import=${probe}`, LOOP_PROBE: report };
  const service = await startService({ dataFolder: folder.path, environment, entry: program });
  const stretch = () => service.process.kill('SIGUSR2');
  const done: Omit<Deed, 'loop'>[] = [];
  const deed: Do = async (name, action) => {
    const began = performance.now();
    await action();
    done.push({ name, tookMs: performance.now() - began });
    await pause(BEHIND_MS);
    stretch();
    await pause(SIGNAL_MS);
  };
  stretch();
  const client = await connect(service.url);
  await deed('the start', () => pause(START_MS));
  await withMemories(client, spoken, deed);
  await withConversations(client, deed);
  client.close();
  await service.kill('SIGTERM');
  await ollama.stop();
  const loops = JSON.parse(readFileSync(report, 'utf8')) as Loop[];
  folder.remove();
  return done.map((each, at) => ({ ...each, loop: loops[at] ?? { heldMs: Number.NaN, lateMs: Number.NaN } }));
}
