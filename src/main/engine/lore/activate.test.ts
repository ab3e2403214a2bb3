/** @file Lorebook entries: which are active, where they stand, which go first. */
import { describe, expect, it } from 'vitest';
import { characterSchema } from '../../../shared/character.ts';
import { type LoreEntry, lorebookSchema } from '../../../shared/lorebook.ts';
import { draftContext } from '../context-draft.ts';
import { expandMacros } from '../macros.ts';
import type { HistoryMessage } from '../ports.ts';
import { systemParts } from '../system-parts.ts';
import { createTokenCounter } from '../tokens.ts';
import { activeEntries, fitEntries, fixedEntries, type LoreMoment } from './activate.ts';

type Draft = Partial<Omit<LoreEntry, 'id'>>;
const bookOf = (entries: Record<string, Draft>, more: object = {}) =>
  lorebookSchema.parse({ ...more, entries: Object.entries(entries).map(([id, entry]) => ({ id, content: `About ${id}.`, ...entry })) });
const scope = { char: 'Sarah', user: 'Tom', seed: 'm', pickSeed: 'c' };
const expand = (text: string) => expandMacros(text, scope);

/** The ids that are active when these were the newest messages, newest first. */
function active(book: ReturnType<typeof bookOf>, recent: string[], more: Partial<LoreMoment> = {}): string[] {
  const moment: LoreMoment = { recent, facts: () => ({ replies: 0, greeting: undefined }), before: new Set(), expand, ...more };
  return activeEntries(book, moment).active.map(({ entry }) => entry.id);
}

const counter = createTokenCounter(1);

describe('lorebook entries', () => {
  it('[LB3] stand in the system message where they are always there, before or after the character', () => {
    const lorebook = bookOf({
      always: { constant: true, position: 'before' },
      below: { constant: true, content: '{{char}} knows {{user}}.' },
      placed: { constant: true, position: 'after', decorators: { position: 'before_desc' } },
      late: { constant: true, decorators: { activateOnlyAfter: 3 } },
      off: { constant: true, enabled: false },
      keyed: { keys: ['rain'] },
    });
    const character = characterSchema.parse({ id: 'x', name: 'Sarah', description: 'Calm.', lorebook });
    const input = { character, person: { name: 'Tom', about: '' }, conversationId: 'c', examples: true, counter, contextTokens: 4_096 };
    expect(systemParts(input, 2_000).parts.map(({ name, text }) => [name, text])).toEqual([
      ['world-before', '<lore>\nAbout always.\n\nAbout placed.\n</lore>'],
      ['persona', '<about>\nName: Sarah\n\nCalm.\n</about>'],
      ['person', '<about>\nThe person you talk with:\nName: Tom\n</about>'],
      ['world', '<lore>\nSarah knows Tom.\n</lore>'],
    ]);
  });

  it('[LB3] are not said again while they are still seen above, or not within their depth', () => {
    const book = bookOf({ rain: { keys: ['rain'] }, deep: { keys: ['rain'], decorators: { depth: 1 } } });
    const said = '<lore>\nAbout rain.\n\nAbout deep.\n</lore>';
    const path = (contexts: string[]): HistoryMessage[] => [
      ...contexts.flatMap((context, at): HistoryMessage[] => [
        { id: `u${at}`, role: 'user', text: 'x', context },
        { id: `a${at}`, role: 'assistant', text: 'y', context: '' },
      ]),
      { id: 'now', role: 'user', text: 'rain', context: '' },
    ];
    const loreOf = (contexts: string[]) => {
      const lore = (messages: readonly HistoryMessage[]) =>
        activeEntries(book, {
          recent: messages.map(({ text }) => text).reverse(),
          facts: () => ({ replies: 0, greeting: 0 }),
          before: new Set(),
          expand,
        }).active;
      const sources = { now: '', postHistory: '', snippets: [], lore, loreBudget: 1_000 };
      return draftContext(sources, { path: path(contexts), tokens: 500, count: counter.count }).parts.find(({ name }) => name === 'lore')
        ?.text;
    };
    expect(loreOf([])).toBe('About rain.\n\nAbout deep.');
    expect(loreOf([said])).toBeUndefined();
    expect(loreOf([said, ''])).toBeUndefined();
    expect(loreOf([said, '<now>\nx\n</now>'])).toBe('About deep.');
  });

  it('[LB4] follow keys, second keys, additional and excluded ones, case and depth', () => {
    const book = bookOf({
      plain: { keys: ['Rain', 'snow'] },
      exact: { keys: ['Rain'], caseSensitive: true },
      both: { keys: ['rain'], selective: true, secondaryKeys: ['city', 'town'] },
      loose: { keys: ['rain'], selective: false, secondaryKeys: ['city'] },
      also: { keys: ['rain'], decorators: { additionalKeys: ['umbrella'] } },
      not: { keys: ['rain'], decorators: { excludeKeys: ['desert'] } },
      far: { keys: ['train'], decorators: { scanDepth: 4 } },
      never: { keys: ['rain'], decorators: { dontActivate: true } },
      empty: { keys: ['', '  '] },
      blank: { keys: ['rain'], content: '  ' },
      fixed: { keys: ['nothing'], decorators: { activate: true, depth: 3 } },
    });
    expect(active(book, ['it RAINS rain'])).toEqual(['plain', 'loose', 'not', 'fixed']);
    expect(active(book, ['Rain in the town, under an umbrella, in a desert'])).toEqual([
      'plain',
      'exact',
      'both',
      'loose',
      'also',
      'fixed',
    ]);
    expect(active(book, ['x', 'rain'])).toEqual(['plain', 'loose', 'not', 'fixed']);
    expect(active(book, ['x', 'y', 'rain'])).toEqual(['fixed']);
    expect(active(book, ['x', 'y', 'z', 'train'])).toEqual(['far', 'fixed']);
    expect(active(book, ['x', 'y', 'z', '0', 'train'])).toEqual(['fixed']);
    expect(active(bookOf({ one: { keys: ['rain'] } }, { scanDepth: 5 }), ['x', 'y', 'z', '0', 'rain'])).toEqual(['one']);
    expect(active(bookOf({ one: { keys: ['rain'] } }, { scanDepth: 0 }), ['rain'])).toEqual([]);
  });

  it('[LB5] trigger each other where the book says so, hidden keys too, and come to an end', () => {
    const entries = {
      first: { keys: ['rain'], content: 'Talk of rivers.' },
      second: { keys: ['rivers'], content: 'Fish.{{hidden_key:boats}}' },
      third: { keys: ['boats'], content: 'Boats and rain and rivers.' },
    };
    expect(active(bookOf(entries), ['rain'])).toEqual(['first']);
    expect(active(bookOf(entries, { recursive: true }), ['rain'])).toEqual(['first', 'second', 'third']);
    const chain = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`e${at}`, { keys: [`<k${at}>`], content: `<k${at + 1}>` }]));
    expect(active(bookOf(chain, { recursive: true }), ['<k0>'])).toEqual(['e0', 'e1', 'e2', 'e3']);
  });

  it('[LB6] wait for their number of replies, their greeting, and remember what was triggered', () => {
    const book = bookOf({
      after: { keys: ['rain'], decorators: { activateOnlyAfter: 3 } },
      every: { constant: true, decorators: { activateOnlyEvery: 2 } },
      second: { constant: true, decorators: { isGreeting: 1 } },
      stays: { keys: ['rain'], decorators: { keepActivateAfterMatch: true } },
      once: { keys: ['rain'], decorators: { dontActivateAfterMatch: true } },
    });
    const at = (replies: number, greeting: number | undefined) => ({ facts: () => ({ replies, greeting }) });
    expect(active(book, ['rain'], at(2, 1))).toEqual(['every', 'second', 'stays', 'once']);
    expect(active(book, ['rain'], at(3, 0))).toEqual(['after', 'stays', 'once']);
    expect(active(book, ['sun'], { ...at(3, undefined), before: new Set(['stays', 'once']) })).toEqual(['stays']);
    expect(active(book, ['rain'], { ...at(1, undefined), before: new Set(['once']) })).toEqual(['stays']);
    const moment = { recent: ['rain'], ...at(1, 0), before: new Set<string>(), expand };
    expect(activeEntries(book, moment).remembered).toEqual(['stays', 'once']);
  });

  it('[LB7] of low priority go first where the budget is used up, and are named', () => {
    const book = bookOf({
      low: { keys: ['rain'], priority: 1, order: 1, content: 'low '.repeat(50) },
      high: { keys: ['rain'], priority: 9, order: 3, content: 'high '.repeat(50) },
      spare: { keys: ['rain'], priority: 20, order: 2, content: 'spare '.repeat(50), decorators: { ignoreOnMaxContext: true } },
    });
    const moment = { recent: ['rain'], facts: () => ({ replies: 0, greeting: 0 }), before: new Set<string>(), expand };
    const all = activeEntries(book, moment).active;
    const fitted = (budget: number) => {
      const { chosen, leftOut } = fitEntries(all, budget, counter.count);
      return [chosen.map(({ entry }) => entry.id), leftOut.map(({ what }) => what)];
    };
    expect(fitted(10_000)).toEqual([['low', 'spare', 'high'], []]);
    expect(fitted(150)).toEqual([['low', 'high'], ['Lore: rain']]);
    expect(fitted(80)).toEqual([['high'], ['Lore: rain', 'Lore: rain']]);
    expect(fitted(0)[0]).toEqual([]);
  });

  it('[LB8] with regular expressions for keys match nothing', () => {
    const book = bookOf({ regex: { keys: ['/r.*/'], patterns: ['/r.*/'] }, both: { keys: ['rain', '/r.*/'], patterns: ['/r.*/'] } });
    expect(active(book, ['sun /r.*/'])).toEqual([]);
    expect(active(book, ['rain'])).toEqual(['both']);
  });

  it('[LB11] are active in any case where they say so, and trigger others from the system message too', () => {
    const book = bookOf({
      always: { decorators: { activate: true, excludeKeys: ['rain'], activateOnlyAfter: 9, isGreeting: 5 } },
      deep: { decorators: { activate: true, excludeKeys: ['rain'], depth: 2 } },
      kept: { keys: ['x'], decorators: { keepActivateAfterMatch: true, activateOnlyAfter: 9 } },
      off: { enabled: false, decorators: { activate: true } },
      once: { constant: true, decorators: { dontActivateAfterMatch: true } },
    });
    expect(fixedEntries(book, (text) => ({ text, hiddenKeys: [] })).map(({ entry }) => entry.id)).toEqual(['always']);
    expect(active(book, ['rain'], { before: new Set(['kept']) })).toEqual(['deep', 'kept', 'once']);
    expect(active(book, ['rain'], { before: new Set(['once']) })).toEqual(['deep']);
    const entries = {
      fixed: { constant: true, content: 'Rivers here.' },
      fish: { keys: ['rivers'] },
      shy: { keys: ['rivers'], byOthers: 'never' as const },
    };
    expect(active(bookOf(entries), ['x'])).toEqual([]);
    expect(active(bookOf(entries, { recursive: true }), ['x'])).toEqual(['fish']);
    expect(active(bookOf({ ...entries, fixed: { ...entries.fixed, triggersOthers: false } }, { recursive: true }), ['x'])).toEqual([]);
  });
});
