/** @file The path above a message, read from the store once and kept from turn to turn. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../test/kit/random.ts';
import { PATH_STEP } from '../../shared/limits.ts';
import { createPaths } from './path-above.ts';
import type { HistoryMessage } from './ports.ts';

function tree() {
  const parents = new Map<string, string | null>();
  const texts = new Map<string, string>();
  let read = 0;
  const history = (id: string, enough: (message: HistoryMessage) => boolean) => {
    const path: HistoryMessage[] = [];
    for (let at: string | null = id; at !== null; at = parents.get(at) ?? null) {
      if (!parents.has(at)) break;
      read += 1;
      const message: HistoryMessage = { id: at, role: 'user', text: texts.get(at) ?? '', context: '' };
      path.push(message);
      if (enough(message)) break;
    }
    return path.reverse();
  };
  return {
    store: { history },
    add(id: string, parentId: string | null, text = id) {
      parents.set(id, parentId);
      texts.set(id, text);
    },
    whole: (id: string | null) => (id === null ? [] : history(id, () => false)).map(({ text }) => text),
    read() {
      const now = read;
      read = 0;
      return now;
    },
  };
}
const textsOf = (messages: HistoryMessage[]) => messages.map(({ text }) => text);

describe('the path above a message', () => {
  it('[PA1] is the store’s own, whatever branch a turn stands on and however far it is read: 300 random turns', () => {
    const random = createRandom(20261127);
    const { store, add, whole } = tree();
    const paths = createPaths(store);
    const ids: string[] = [];
    let [parts, joined] = [0, 0];
    for (let turn = 0; turn < 300; turn++) {
      const parentId = ids.length === 0 ? null : random.chance(0.8) ? (ids.at(-1) ?? null) : random.pick(ids);
      const all = whole(parentId);
      const above = paths.above('c', parentId);
      const wanted = random.whole(0, 200);
      let seen = 0;
      const part = textsOf(above(() => ++seen > wanted));
      expect(part).toEqual(all.slice(-wanted - 1));
      expect(seen).toBe(Math.min(all.length, wanted + 1));
      expect(textsOf(above(() => false))).toEqual(all);
      parts += part.length < all.length ? 1 : 0;
      joined += all.length > PATH_STEP ? 1 : 0;
      for (const id of [`u${turn}`, `r${turn}`]) {
        add(id, id.startsWith('u') ? parentId : `u${turn}`);
        ids.push(id);
      }
    }
    console.log(`path-above seed=20261127 turns=300 parts=${parts} longer than a step=${joined}`);
    expect(Math.min(parts, joined)).toBeGreaterThan(20);
  });

  it('[PA2] costs a turn of a long conversation only what is new in it', () => {
    const { store, add, read } = tree();
    const paths = createPaths(store);
    for (let at = 0; at < 1_000; at++) add(`m${at}`, at === 0 ? null : `m${at - 1}`);
    expect(paths.above('c', 'm997')(() => false)).toHaveLength(998);
    expect(read()).toBeGreaterThan(997);
    expect(paths.above('c', 'm999')(() => false)).toHaveLength(1_000);
    expect(read()).toBe(3);
  });

  it('[PA4] reads nothing where a path ends as it did', () => {
    const { store, add, read } = tree();
    const paths = createPaths(store);
    for (let at = 0; at < 2 * PATH_STEP; at++) add(`m${at}`, at === 0 ? null : `m${at - 1}`);
    const last = `m${2 * PATH_STEP - 1}`;
    paths.above('c', last)(() => true);
    read();
    expect(paths.above('c', last)(({ id }) => id === `m${PATH_STEP}`)).toHaveLength(PATH_STEP);
    expect(read()).toBe(0);
    expect(paths.above('c', last)(() => false)).toHaveLength(2 * PATH_STEP);
  });

  it('[PA3] holds no word that was forgotten, nor brings one back from a turn that was under way', () => {
    const { store, add } = tree();
    const paths = createPaths(store);
    for (let at = 0; at < 2 * PATH_STEP; at++) add(`m${at}`, at === 0 ? null : `m${at - 1}`);
    const last = `m${2 * PATH_STEP - 1}`;
    add(last, `m${2 * PATH_STEP - 2}`, 'my secret');
    const early = paths.above('c', last);
    expect(textsOf(early(() => true))).toEqual(['my secret']);
    add(last, `m${2 * PATH_STEP - 2}`, '[forgotten]');
    paths.forget();
    early(() => false);
    expect(
      paths
        .above(
          'c',
          last,
        )(() => false)
        .at(-1)?.text,
    ).toBe('[forgotten]');
  });
});
