/** @file Typed arrays that grow: a million messages cost a few bytes each, and none of them is an object. */

type Numbers = Int32Array | Float64Array | Uint8Array | Float32Array;

/** Room for `wanted` more, doubling so that growing costs little; the same array where it fits. */
export function withRoom<Kind extends Numbers>(array: Kind, wanted: number): Kind {
  if (wanted <= array.length) return array;
  const make = array.constructor as new (length: number) => Kind;
  const larger = new make(Math.max(wanted, array.length * 2, 16));
  larger.set(array as never);
  return larger;
}

/** A list of numbers. */
export type IntList = { values: Int32Array; length: number };

export const intList = (): IntList => ({ values: new Int32Array(2), length: 0 });

export function push(list: IntList, value: number): void {
  if (list.length === list.values.length) list.values = withRoom(list.values, list.length + 1);
  list.values[list.length] = value;
  list.length += 1;
}
