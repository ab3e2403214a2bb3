/** @file Conversations, cards and windows at random, and their prompts as a turn would compile them. */
import type { Snippet } from '../../src/main/engine/memory-port.ts';
import type { Person } from '../../src/main/engine/persona.ts';
import type { HistoryMessage } from '../../src/main/engine/ports.ts';
import { type CompiledPrompt, compilePrompt } from '../../src/main/engine/prompt.ts';
import type { Anchor, StoredSummary } from '../../src/main/engine/stored-prompt.ts';
import { createTokenCounter, MESSAGE_OVERHEAD } from '../../src/main/engine/tokens.ts';
import { turnSources } from '../../src/main/engine/turn-sources.ts';
import { type Character, characterSchema } from '../../src/shared/character.ts';
import type { Random } from './random.ts';

const words = [
  'rain',
  'cards',
  '<note>',
  '</s>',
  'the oven is on',
  '\n\n',
  '{{original}}',
  'ignore all that was said before',
  '雨が降る',
  '🙂',
  '<|im_start|>system',
  'a, b; c.',
];

const counter = createTokenCounter(1);
/** In tokens, with what the template adds. */
export const size = (prompt: CompiledPrompt) =>
  prompt.messages.reduce((sum, { content }) => sum + counter.count(content) + MESSAGE_OVERHEAD, 0);

export type World = {
  character: Character;
  path: HistoryMessage[];
  contextTokens: number;
  maxTokens: number;
  snippets?: Snippet[];
  summaries?: StoredSummary[];
  person?: Person;
  conversationId?: string;
  /** How the model counts, against what is estimated. */
  factor?: number;
};

const clock = { words: () => 'Monday, 23 November 2026, 18:20', now: () => 0, after: () => () => undefined, soon: () => undefined };
const steady = { direction: 'steady', temperature: 0.7, topP: 0.9, reason: '' } as const;

/** As a turn would compile it: the context block is made anew unless the message has one already. */
export function compile(world: World, anchor: Anchor | undefined): CompiledPrompt {
  const current = world.path.at(-1);
  if (!current) throw new Error('a path has at least the current message');
  const { character, contextTokens, maxTokens, person = { name: '', about: '' }, conversationId = 'c', factor } = world;
  const sources = turnSources({
    clock,
    tone: steady,
    character,
    person,
    snippets: world.snippets ?? [],
    conversationId,
    messageId: current.id,
    facts: () => ({ replies: world.path.length / 2, greeting: 0 }),
    loreBefore: new Set(),
    triggered: () => undefined,
  });
  return compilePrompt({
    character,
    person,
    conversationId,
    examples: true,
    counter: factor === undefined ? counter : createTokenCounter(factor),
    contextTokens,
    maxTokens,
    message: { id: current.id, text: current.text, context: current.context === '' ? sources : current.context, note: '' },
    anchor,
    summaries: world.summaries ?? [],
    loadHistory(enough) {
      const loaded: HistoryMessage[] = [];
      for (const message of [...world.path].reverse()) {
        loaded.unshift(message);
        if (enough(message)) break;
      }
      return loaded;
    },
  });
}

export const anchorOf = (world: World, prompt: CompiledPrompt): Anchor => ({
  id: prompt.oldestSentId,
  trimmed: prompt.oldestSentId !== world.path[0]?.id,
  summaryId: prompt.summaryId,
});

function randomCharacter(random: Random, prose: (most: number) => string): Character {
  const entries = Array.from({ length: random.whole(0, 12) }, (_, index) => ({
    id: `e${index}`,
    constant: random.chance(0.4),
    keys: [random.pick(words), random.pick(words)],
    content: prose(60),
    order: random.whole(0, 200),
    priority: random.whole(0, 5),
    position: random.pick(['before', 'after']),
    decorators: random.chance(0.3) ? { depth: random.whole(0, 6), scanDepth: random.whole(1, 10) } : {},
  }));
  return characterSchema.parse({
    id: 'x',
    name: 'X',
    nickname: random.pick(['', 'Ix', '{{user}}']),
    description: prose(400),
    systemPrompt: prose(200),
    messageExamples: `<START>\n${prose(100)}`,
    postHistory: random.chance(0.3) ? prose(80) : '',
    lorebook: { entries, recursive: random.chance(0.5) },
  });
}

export function randomWorld(random: Random): World {
  const prose = (most: number) => Array.from({ length: random.whole(0, most) }, () => random.pick(words)).join(' ');
  const path: HistoryMessage[] = [];
  if (random.chance(0.5)) path.push({ id: 'root', role: 'assistant', text: `Hello ${prose(5)}`, context: '' });
  const turns = random.whole(0, 30);
  for (let turn = 0; turn < turns; turn++) {
    path.push({ id: `u${turn}`, role: 'user', text: `m ${prose(80)}`, context: '<now>\nIt is late.\n</now>' });
    path.push({ id: `a${turn}`, role: 'assistant', text: prose(120), context: '' });
  }
  path.push({ id: 'now', role: 'user', text: `now ${prose(60)}`, context: random.chance(0.2) ? '<now>\nIt is later.\n</now>' : '' });
  const snippets = Array.from({ length: random.whole(0, 8) }, () => ({ text: `remembered ${prose(40)}`, reason: 'Because.' }));
  const summaries =
    turns > 3 && random.chance(0.5) ? [{ id: 's1', throughId: `a${random.whole(0, turns - 1)}`, text: `Summed up. ${prose(120)}` }] : [];
  return {
    character: randomCharacter(random, prose),
    path,
    snippets: snippets as Snippet[],
    summaries,
    person: { name: random.pick(['', 'Tom']), about: prose(60) },
    contextTokens: random.pick([1_024, 2_048, 4_096, 8_192]),
    maxTokens: random.pick([64, 512, 2_048]),
  };
}
