/** @file Mood against the reference's own scores (test/data/vader), and its time on very long texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readMood } from '../src/main/engine/mood/mood.ts';
import { scoreText } from '../src/main/engine/mood/vader.ts';
import { VALENCES } from '../src/main/engine/mood/word-list.ts';
import { type Mood, moodSchema } from '../src/shared/mood.ts';

const scores = { compound: z.number(), pos: z.number(), neg: z.number(), neu: z.number() };
const caseSchema = z.object({ text: z.string(), cat: z.string(), ...scores });
const longSchema = z.object({ name: z.string(), prefix: z.string(), unit: z.string(), times: z.number(), suffix: z.string(), ...scores });

const cases = readLines('conformance.jsonl', caseSchema);
const longCases = readLines('long.jsonl', longSchema);

const MILLION = 1_000_000;
/** What a million characters took at most on two shared cores, in ms; a verdict rests on ten times that. */
const FIGURE_MS = 250;
/** The names of a million characters of emoji are ten million characters. */
const EMOJI_FIGURE_MS = 600;

function readLines<Line>(file: string, schema: z.ZodType<Line>): Line[] {
  const content = readFileSync(join(import.meta.dirname, 'data', 'vader', file), 'utf8');
  return content
    .trim()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));
}

function expected({ compound, pos, neg, neu }: z.infer<z.ZodObject<typeof scores>>): Mood {
  return { compound, positive: pos, negative: neg, neutral: neu };
}

function isEqual(seen: Mood, wanted: Mood): boolean {
  const names = ['compound', 'positive', 'negative', 'neutral'] as const;
  return names.every((name) => Math.abs(seen[name] - wanted[name]) < 1e-9);
}

/** Milliseconds of the processor, not of the clock: a busy machine makes nothing slower by this measure. */
function timed(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** Pieces in turn up to a million characters. */
function million(piece: (at: number) => string): string {
  let text = '';
  for (let at = 0; text.length < MILLION; at += 1) text += piece(at);
  return text.slice(0, MILLION);
}

const listed = [...VALENCES.keys()];
const said = [
  "so I was never really that but don't",
  'GOOD no @you RT',
  'at the very least',
  '#mood \u{1f600}',
  'kind of https://example.com/x',
];
const longTexts: readonly (readonly [name: string, text: string])[] = [
  ['messages', million((at) => `${said[at % said.length]} ${listed[(at * 7919) % listed.length]}${at % 9 === 0 ? '!\n' : ' '}`)],
  ['distinct words', million((at) => `word${at.toString(36)} `)],
  ['many buts', million(() => 'not good but very bad ')],
  ['equal words round one but', million((at) => (at === 60_000 ? 'but ' : 'great bad '))],
  ['one word in capitals that ends small', `${'A'.repeat(MILLION - 1)}a`],
  ['emoji', million((at) => String.fromCodePoint(0x1f600 + (at % 60)))],
  ['phrases', million(() => 'the kiss of death to die for ')],
  ['halves of surrogate pairs', '\ud83d'.repeat(MILLION)],
  ['backticks', million((at) => `${'`'.repeat(1 + (at % 50))}x`)],
  ['code fences', million(() => '```\n')],
  ['quotes', million(() => '> bad\n')],
  ['addresses', million(() => 'a://')],
  ['letters before an address', `${'a'.repeat(MILLION - 3)}://`],
  ['curly apostrophes', million(() => 'n\u2019t \u2764\ufe0f')],
];

describe('the reference', () => {
  it('[V1] gives the four numbers of all 1,169 texts', () => {
    const wrong = cases.filter((each) => !isEqual(scoreText(each.text), expected(each)));
    expect(wrong.map(({ cat, text }) => `${cat}: ${JSON.stringify(text).slice(0, 80)}`)).toEqual([]);
    expect(cases).toHaveLength(1_169);
  });

  it('[V2] gives numbers that are the same to the last bit, and such as the contract allows', () => {
    for (const each of cases) expect(moodSchema.parse(scoreText(each.text))).toEqual(expected(each));
  });

  it.each(longCases.map((each) => [each.name, each] as const))('[V3] gives the four numbers of %s within a second', (_, each) => {
    const text = each.prefix + each.unit.repeat(each.times) + each.suffix;
    const ms = timed(() => expect(scoreText(text)).toEqual(expected(each)));
    expect(ms).toBeLessThan(1_000);
  });

  it('[V3] has 11 very long texts', () => {
    expect(longCases).toHaveLength(11);
  });
});

describe('a million characters', () => {
  it.each(longTexts)('[V3] of %s are scored and read in time', (name, text) => {
    const limit = 10 * (name === 'emoji' ? EMOJI_FIGURE_MS : FIGURE_MS);
    expect(text).toHaveLength(MILLION);
    const score = timed(() => expect(moodSchema.parse(scoreText(text))).toBeDefined());
    const read = timed(() => expect(moodSchema.parse(readMood(text))).toBeDefined());
    console.log(`1 MB of ${name}: scored in ${score.toFixed(0)} ms, read in ${read.toFixed(0)} ms`);
    expect(score).toBeLessThan(limit);
    expect(read).toBeLessThan(limit);
  });
});
