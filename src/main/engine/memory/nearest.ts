/** @file The places of the largest numbers among many, without sorting all of them. */

/** Up to `wanted` of the given places, those of the largest values, in no order. */
export function largest(places: Int32Array, value: (place: number) => number, wanted: number): Iterable<number> {
  if (places.length <= wanted) return places;
  const heap: number[] = [];
  const values: number[] = [];
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b] ?? 0, heap[a] ?? 0];
    [values[a], values[b]] = [values[b] ?? 0, values[a] ?? 0];
  };
  const sink = () => {
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      let least = at;
      for (const child of [left, left + 1]) if (child < heap.length && (values[child] ?? 0) < (values[least] ?? 0)) least = child;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  for (const place of places) {
    const worth = value(place);
    if (heap.length < wanted) {
      heap.push(place);
      values.push(worth);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if ((values[parent] ?? 0) <= (values[at] ?? 0)) break;
        swap(at, parent);
        at = parent;
      }
    } else if (worth > (values[0] ?? 0)) {
      heap[0] = place;
      values[0] = worth;
      sink();
    }
  }
  return heap;
}

/** Ones in a 32-bit number. */
export function ones(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
