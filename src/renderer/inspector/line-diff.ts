/** @file Two texts line by line: what is in both, what is only in the one before, what is new. */

export type DiffLine = { kind: 'same' | 'gone' | 'new'; text: string };

/** Beyond so many pairs of lines what differs is shown as replaced as a whole: a person reads no finer difference of so much. */
const MOST_PAIRS = 250_000;

/** How long the longest common run of lines is from each pair of places on (Hunt's table, filled from its end). */
function lengthsOf(before: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let at = before.length - 1; at >= 0; at--) {
    for (let to = now.length - 1; to >= 0; to--) {
      const here = at * width + to;
      const longest = Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
      lengths[here] = before[at] === now[to] ? (lengths[here + width + 1] ?? 0) + 1 : longest;
    }
  }
  return lengths;
}

function middle(before: readonly string[], now: readonly string[]): DiffLine[] {
  const gone = (text: string): DiffLine => ({ kind: 'gone', text });
  const fresh = (text: string): DiffLine => ({ kind: 'new', text });
  if (before.length * now.length > MOST_PAIRS) return [...before.map(gone), ...now.map(fresh)];
  const lengths = lengthsOf(before, now);
  const width = now.length + 1;
  const lines: DiffLine[] = [];
  let [at, to] = [0, 0];
  while (at < before.length && to < now.length) {
    const [one = '', other = ''] = [before[at], now[to]];
    if (one === other) {
      lines.push({ kind: 'same', text: one });
      at += 1;
      to += 1;
    } else if ((lengths[(at + 1) * width + to] ?? 0) >= (lengths[at * width + to + 1] ?? 0)) {
      lines.push(gone(one));
      at += 1;
    } else {
      lines.push(fresh(other));
      to += 1;
    }
  }
  return [...lines, ...before.slice(at).map(gone), ...now.slice(to).map(fresh)];
}

/** Every line of both texts, in order; what was there before stands above what took its place. */
export function diffLines(before: string, now: string): DiffLine[] {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return [
    ...fresh.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...fresh.slice(fresh.length - tail).map(same),
  ];
}

/** Unchanged lines beside a change are kept, so that its place can be seen; longer runs of them become one line with their number. */
export function folded(lines: readonly DiffLine[], beside = 2): (DiffLine | { kind: 'folded'; count: number })[] {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - beside), index + beside + 1).some(({ kind }) => kind !== 'same'));
  const out: (DiffLine | { kind: 'folded'; count: number })[] = [];
  for (const [index, line] of lines.entries()) {
    const last = out.at(-1);
    if (near[index]) out.push(line);
    else if (last?.kind === 'folded') last.count += 1;
    else out.push({ kind: 'folded', count: 1 });
  }
  return out;
}
