/** @file What the first "but" does to the valences, equal to the reference in its odd case and without its quadratic time. */
import { AFTER_BUT_FACTOR, BEFORE_BUT_FACTOR } from './vader-words.ts';

/** Positions of one value, as a binary heap: the smallest first. */
type Positions = number[];

/**
 * Weighs valences round the "but" at `turn`, in place. For each valence in order the reference changes the first position that holds
 * an equal value at that moment, which may be an earlier one. The heaps know that position at once: O(n log n) at the very worst.
 * Zeroes stay zeroes whatever they are multiplied by, so they are passed over; the value at `turn` is one.
 */
export function weighRoundBut(valences: number[], turn: number): void {
  const places = new Map<number, Positions>();
  for (const [at, valence] of valences.entries()) {
    if (valence === 0) continue;
    const equals = placesOf(valence, places);
    push(equals, at);
    const first = popSmallest(equals);
    const weighed = valence * (first < turn ? BEFORE_BUT_FACTOR : AFTER_BUT_FACTOR);
    valences[first] = weighed;
    push(placesOf(weighed, places), first);
  }
}

function placesOf(value: number, places: Map<number, Positions>): Positions {
  let found = places.get(value);
  if (!found) {
    found = [];
    places.set(value, found);
  }
  return found;
}

function push(heap: Positions, position: number): void {
  let at = heap.length;
  heap.push(position);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = valueAt(heap, parent);
    if (above <= position) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = position;
}

function popSmallest(heap: Positions): number {
  const smallest = valueAt(heap, 0);
  const moved = heap.pop() ?? smallest;
  if (heap.length > 0) sink(heap, moved);
  return smallest;
}

function sink(heap: Positions, position: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child + 1 < heap.length && valueAt(heap, child + 1) < valueAt(heap, child)) child += 1;
    if (child >= heap.length || valueAt(heap, child) >= position) break;
    heap[at] = valueAt(heap, child);
    at = child;
  }
  heap[at] = position;
}

function valueAt(heap: Positions, index: number): number {
  return heap[index] ?? Number.POSITIVE_INFINITY;
}
