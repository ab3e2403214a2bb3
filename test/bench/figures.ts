/** @file Figures of a benchmark: medians, percentiles, and one row of docs/measured.md. */

export type Row = { what: string; measured: string; goal: string; met: boolean | undefined };

const sorted = (values: number[]) => values.toSorted((a, b) => a - b);

/** The value below which the given share of the values lies; NaN of none. */
export function percentile(values: number[], share: number): number {
  const order = sorted(values);
  return order[Math.min(order.length - 1, Math.floor(order.length * share))] ?? Number.NaN;
}

export const median = (values: number[]): number => percentile(values, 0.5);

/** A row that is met where the value is at most the limit. */
export function atMost(what: string, value: number, limit: number, form: (value: number) => string = (each) => each.toFixed(3)): Row {
  return { what, measured: form(value), goal: `≤ ${limit}`, met: value <= limit };
}

export function atLeast(what: string, value: number, limit: number, form: (value: number) => string = (each) => each.toFixed(1)): Row {
  return { what, measured: form(value), goal: `≥ ${limit}`, met: value >= limit };
}

export const shown = (what: string, measured: string): Row => ({ what, measured, goal: '', met: undefined });
export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
