/** @file What a model takes in memory at a context length, and whether that much is there. */
import { CONTEXT_CHOICES, MEMORY_TIGHT_SHARE, RUNNER_BYTES, RUNNER_SHARE, SMALLEST_CONTEXT_TOKENS } from '../../../shared/model-limits.ts';
import type { MemoryNeed } from '../../../shared/models.ts';
import type { ModelDescription } from './shelf.ts';

type Shape = Pick<ModelDescription, 'sizeBytes' | 'contextTokens' | 'contextBytesPerToken'>;

/** What the model may use: what is free, and what it holds itself where it is loaded. Undefined where that cannot be known. */
export type Room = { freeBytes: number; heldBytes: number } | undefined;

/** Undefined where not even the size of its weights is known. */
export function memoryNeed(model: Shape, contextTokens: number, room: Room): MemoryNeed | undefined {
  const weights = model.sizeBytes;
  if (weights === undefined) return undefined;
  const context = model.contextBytesPerToken === undefined ? undefined : model.contextBytesPerToken * contextTokens;
  const total = Math.ceil(weights + (context ?? 0) + Math.max(RUNNER_BYTES, weights * RUNNER_SHARE));
  const needs = { contextTokens, weights, total, ...(context === undefined ? {} : { context }) };
  return { ...needs, fits: fitOf(total, room) };
}

function fitOf(total: number, room: Room): MemoryNeed['fits'] {
  if (!room) return 'unknown';
  const there = room.freeBytes + room.heldBytes;
  if (total > there) return 'no';
  return total > there * MEMORY_TIGHT_SHARE ? 'tight' : 'yes';
}

/** The lengths that can be chosen for a model, its longest among them. */
export function contextChoices(model: Pick<Shape, 'contextTokens'>): number[] {
  const within = CONTEXT_CHOICES.filter((tokens) => tokens < model.contextTokens);
  const longest = Math.min(model.contextTokens, CONTEXT_CHOICES.at(-1) ?? model.contextTokens);
  return [...within, longest];
}

/** The longest context up to `wanted` with which the model fits; undefined where none does. */
export function fittingContext(model: Shape, wanted: number, room: Room): number | undefined {
  const fits = (tokens: number) => memoryNeed(model, tokens, room)?.fits !== 'no';
  if (fits(wanted)) return wanted;
  return contextChoices(model)
    .filter((tokens) => tokens < wanted && tokens >= SMALLEST_CONTEXT_TOKENS)
    .findLast(fits);
}
