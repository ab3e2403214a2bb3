/** @file What is offered or warned of beside the conversation: a better model, and one that needs more memory than there is. */

import type { ModelChoices } from '../../../shared/model-choices.ts';
import { canonicalModelName, isSameModel, shortModelName } from '../../../shared/model-names.ts';
import type { GraphicsCard, KeptModel, ModelOffer, ModelsState, Pull } from '../../../shared/models.ts';
import { knownModel } from './known-models.ts';
import { fittingContext } from './memory-need.ts';
import type { Machine } from './shelf.ts';

type Known = {
  models: readonly KeptModel[];
  /** The model that answers by default, where it is listed. */
  answering: KeptModel | undefined;
  wanted: string;
  choices: ModelChoices;
  pulls: readonly Pull[];
  canPull: boolean;
  /** The server is there and has no model at all. */
  none: boolean;
};

/** A model that has come goes before one that could be fetched; nothing that is under way, or was declined, is offered. */
export function offerOf({ models, answering, wanted, choices, pulls, canPull, none }: Known): ModelOffer | undefined {
  const { ready, declined } = choices;
  const there = ready && models.find(({ name }) => isSameModel(name, ready.model));
  if (there?.converses && there.name !== answering?.name) return offered('ready', there.name, there.label, there.sizeBytes);
  if (!canPull || !(answering?.starter || none) || declined.includes(canonicalModelName(wanted))) return undefined;
  if (pulls.some(({ model }) => isSameModel(model, wanted) || isSameModel(wanted, model))) return undefined;
  const kept = models.find(({ name }) => isSameModel(name, wanted));
  if (kept) return offered('ready', kept.name, kept.label, kept.sizeBytes);
  const known = knownModel(wanted);
  const offer = offered('missing', wanted, known?.label ?? shortModelName(wanted), known?.bytes);
  return known ? { ...offer, licence: known.licence } : offer;
}

function offered(kind: ModelOffer['kind'], model: string, label: string, bytes: number | undefined): ModelOffer {
  return { kind, model, label, ...(bytes === undefined ? {} : { bytes }) };
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** What of it lies on a graphics card, or that nobody tells. */
function ofCards(cards: readonly GraphicsCard[] | undefined): string {
  if (cards === undefined) return '; what a graphics card has is not known';
  const free = cards.reduce((sum, card) => sum + card.freeBytes, 0);
  return free === 0 ? '' : `, ${gigabytes(free)} of that on ${cards.length === 1 ? 'the graphics card' : 'graphics cards'}`;
}

/** Before it is loaded, and only where its need is known to be larger than what is free. */
export function warningOf(
  model: KeptModel | undefined,
  machine: Machine | undefined,
  cards: readonly GraphicsCard[] | undefined,
): ModelsState['warning'] {
  if (model?.memory?.fits !== 'no' || model.loaded || !machine) return undefined;
  const { freeBytes } = machine.memory();
  const { total, contextTokens } = model.memory;
  const shape = {
    contextTokens: model.contextTokens ?? contextTokens,
    ...(model.sizeBytes === undefined ? {} : { sizeBytes: model.sizeBytes }),
    ...(model.contextBytesPerToken === undefined ? {} : { contextBytesPerToken: model.contextBytesPerToken }),
  };
  const fitting = fittingContext(shape, contextTokens, { freeBytes, heldBytes: 0 });
  return {
    model: model.name,
    label: model.label,
    needsBytes: total,
    freeBytes,
    ...(fitting === undefined ? {} : { fittingContextTokens: fitting }),
    words: `${model.label} needs about ${gigabytes(total)} of memory with a context of ${Math.round(contextTokens / 1_024)}k tokens, and ${gigabytes(freeBytes)} are free${ofCards(cards)}.`,
  };
}
