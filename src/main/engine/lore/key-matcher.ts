/** @file Which of many keys stand in a text, in one pass over it, however many keys there are (Aho and Corasick, 1975). */

export type KeyMatcher = {
  /** Calls back once for each key (its place in the list) that stands somewhere in the text. */
  scan(text: string, found: (key: number) => void): void;
};

const NONE = -1;
const CODE_UNITS = 65_536;

type Trie = {
  /** The node that follows a node on a code unit, by `node * CODE_UNITS + unit`. */
  next: Map<number, number>;
  parent: number[];
  unit: number[];
  /** The first key that ends at a node; further ones hang on `same`. */
  ends: number[];
};

function buildTrie(keys: readonly string[], same: Int32Array): Trie {
  const trie: Trie = { next: new Map(), parent: [NONE], unit: [0], ends: [NONE] };
  for (const [number, key] of keys.entries()) {
    if (key === '') continue;
    let node = 0;
    for (let index = 0; index < key.length; index++) {
      const edge = node * CODE_UNITS + key.charCodeAt(index);
      let after = trie.next.get(edge);
      if (after === undefined) {
        after = trie.parent.push(node) - 1;
        trie.unit.push(key.charCodeAt(index));
        trie.ends.push(NONE);
        trie.next.set(edge, after);
      }
      node = after;
    }
    same[number] = trie.ends[node] ?? NONE;
    trie.ends[node] = number;
  }
  return trie;
}

/** For each node the longest proper ending of its text that is a node too, and the nearest such one at which a key ends. */
function buildLinks({ next, parent, unit, ends }: Trie) {
  const fail = new Int32Array(parent.length);
  const shorter = new Int32Array(parent.length).fill(NONE);
  const depths = new Int32Array(parent.length);
  for (let node = 1; node < parent.length; node++) depths[node] = (depths[parent[node] as number] as number) + 1;
  const order = Uint32Array.from(parent.keys()).sort((one, other) => (depths[one] as number) - (depths[other] as number));
  for (const node of order) {
    if (node === 0) continue;
    const above = parent[node] as number;
    let ending = above === 0 ? NONE : (fail[above] as number);
    let target: number | undefined;
    while (ending !== NONE && target === undefined) {
      target = next.get(ending * CODE_UNITS + (unit[node] as number));
      ending = ending === 0 ? NONE : (fail[ending] as number);
    }
    const to = target ?? 0;
    fail[node] = to;
    shorter[node] = (ends[to] as number) === NONE ? (shorter[to] as number) : to;
  }
  return { fail, shorter };
}

/** The keys are found as they stand; whoever wants no difference of case folds both keys and text. Time and memory grow with the keys' letters. */
export function createKeyMatcher(keys: readonly string[]): KeyMatcher {
  const same = new Int32Array(keys.length).fill(NONE);
  const trie = buildTrie(keys, same);
  const { fail, shorter } = buildLinks(trie);
  return {
    scan(text, found) {
      const told = new Set<number>();
      let node = 0;
      for (let index = 0; index < text.length; index++) {
        const unit = text.charCodeAt(index);
        let after = trie.next.get(node * CODE_UNITS + unit);
        while (after === undefined && node !== 0) {
          node = fail[node] as number;
          after = trie.next.get(node * CODE_UNITS + unit);
        }
        node = after ?? 0;
        // What hangs below a node that was told already was told with it: every node is told once a text.
        for (let end = node; end !== NONE && !told.has(end); end = shorter[end] as number) {
          told.add(end);
          for (let key = trie.ends[end] as number; key !== NONE; key = same[key] as number) found(key);
        }
      }
    },
  };
}
