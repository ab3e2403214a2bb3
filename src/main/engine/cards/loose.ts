/** @file Reading values of a foreign document: what has the right kind is taken, anything else counts as absent. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Own keys only: `__proto__` and `constructor` are names like any other, and nothing is inherited. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function fieldOf(value: unknown, key: string): unknown {
  const object = objectOf(value);
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const textsOf = (value: unknown): string[] => listOf(value).filter((item) => typeof item === 'string');

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A whole number from 0 to a million; others count as absent. */
export function countOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined || number < 0 || number > 1_000_000 ? undefined : Math.floor(number);
}

export const isTrue = (value: unknown): boolean => value === true;

export const saysSomething = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';
