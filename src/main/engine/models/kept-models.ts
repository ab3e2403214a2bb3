/** @file What a model server has, as the window lists it: with its last use, and what each takes in memory. */
import { DEFAULT_CONTEXT_TOKENS } from '../../../shared/limits.ts';
import { MODELS_LISTED } from '../../../shared/model-limits.ts';
import { canonicalModelName, shortModelName } from '../../../shared/model-names.ts';
import type { KeptModel } from '../../../shared/models.ts';
import type { ModelStatus } from '../../../shared/status.ts';
import { fittingContext, memoryNeed, type Room } from './memory-need.ts';
import type { Machine, ModelDescription, ShelfModel } from './shelf.ts';

export type ContextWish = {
  /** NUM_CTX, else the person's choice. */
  said: number | undefined;
  /** This machine's memory; undefined where the model runs elsewhere. */
  machine: Machine | undefined;
};

const roomFor = (machine: Machine | undefined, heldBytes: number): Room => machine && { freeBytes: machine.memory().freeBytes, heldBytes };

/** num_ctx: what was said, else the smallest of the model's maximum, the default, and what memory allows (wire.md). */
export function contextOf(model: ModelDescription & Pick<ShelfModel, 'loaded'>, { said, machine }: ContextWish): number {
  if (said !== undefined) return Math.min(said, model.contextTokens);
  const wanted = Math.min(DEFAULT_CONTEXT_TOKENS, model.contextTokens);
  return fittingContext(model, wanted, roomFor(machine, model.loaded?.bytes ?? 0)) ?? wanted;
}

export function keptModel(model: ShelfModel, context: number, machine: Machine | undefined, lastUsedAt: number | undefined): KeptModel {
  const { name, label, family, converses, starter, contextTokens, sizeBytes, parameterSize, quantisation, loaded } = model;
  const memory = memoryNeed(model, context, roomFor(machine, loaded?.bytes ?? 0));
  const perToken = model.contextBytesPerToken;
  return {
    name,
    label,
    family,
    converses,
    starter,
    contextTokens,
    capabilities: model.capabilities ?? [],
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(parameterSize === undefined ? {} : { parameterSize }),
    ...(quantisation === undefined ? {} : { quantisation }),
    ...(loaded === undefined ? {} : { loaded }),
    ...(memory === undefined || !converses ? {} : { memory }),
    ...(perToken === undefined ? {} : { contextBytesPerToken: perToken }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}

/** A server that keeps nothing to look after has one model: the one its status speaks of. */
export function modelOfStatus({ state, model, label, starter, contextTokens }: ModelStatus): ShelfModel[] {
  if (model === '' || state === 'absent' || state === 'installing') return [];
  return [
    { name: model, label, family: '', converses: true, starter, thinking: false, contextTokens: contextTokens ?? DEFAULT_CONTEXT_TOKENS },
  ];
}

/** Newest use first, then the largest. */
export function inOrder(models: KeptModel[]): KeptModel[] {
  const order = (one: KeptModel, other: KeptModel) =>
    (other.lastUsedAt ?? 0) - (one.lastUsedAt ?? 0) || (other.sizeBytes ?? 0) - (one.sizeBytes ?? 0);
  return models.toSorted(order).slice(0, MODELS_LISTED);
}

/** Files of different places may carry the same name inside: those are told apart by the names they were given. */
export function toldApart(models: KeptModel[]): KeptModel[] {
  const counts = new Map<string, number>();
  for (const { label } of models) counts.set(label, (counts.get(label) ?? 0) + 1);
  return models.map((one) =>
    (counts.get(one.label) ?? 0) > 1 ? { ...one, label: `${one.label} (${shortModelName(one.name).replace(/:latest$/, '')})` } : one,
  );
}

export const lastUseOf = (name: string, usedAt: Readonly<Record<string, number>>): number | undefined => usedAt[canonicalModelName(name)];
