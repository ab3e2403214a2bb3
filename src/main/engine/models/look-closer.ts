/** @file One model looked at closely: one that is here, or one that could be fetched. */
import { asFault } from '../../../shared/faults.ts';
import { DETAIL_CHARACTERS, DISK_MARGIN_BYTES, LICENCE_CHARACTERS, LOOK_UP_MS, MODELS_ASK_MS } from '../../../shared/model-limits.ts';
import { isSameModel, shortModelName } from '../../../shared/model-names.ts';
import type { ModelDetails, ModelPreview } from '../../../shared/models.ts';
import type { Model } from '../ports.ts';
import { knownModel } from './known-models.ts';
import { contextChoices, memoryNeed } from './memory-need.ts';
import type { Machine, Registry, RegistryEntry, ShelfModel } from './shelf.ts';

type Looking = { model: Model; life: AbortSignal; machine?: Machine | undefined };

const cut = (text: string | undefined, characters: number): string | undefined =>
  text === undefined || text === '' ? undefined : text.slice(0, characters);

/** Everything that the server says of a model that is here. */
export async function detailsOf({ model, life, machine }: Looking, one: ShelfModel): Promise<ModelDetails> {
  const signal = AbortSignal.any([life, AbortSignal.timeout(MODELS_ASK_MS)]);
  const told = await model.shelf?.details(one.name, signal);
  const frees = await model.shelf?.files()?.freedBy(one.name);
  const room = machine && { freeBytes: machine.memory().freeBytes, heldBytes: one.loaded?.bytes ?? 0 };
  const needs = one.converses ? contextChoices(one).map((tokens) => memoryNeed(one, tokens, room)) : [];
  const licence = cut(told?.licence, LICENCE_CHARACTERS);
  const parameters = cut(told?.parameters, DETAIL_CHARACTERS);
  const template = cut(told?.template, DETAIL_CHARACTERS);
  return {
    name: one.name,
    ...(licence === undefined ? {} : { licence }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(template === undefined ? {} : { template }),
    ...(told?.digest === undefined ? {} : { digest: told.digest }),
    ...(told?.changedAt === undefined ? {} : { changedAt: told.changedAt }),
    ...(frees === undefined ? {} : { frees }),
    needs: needs.filter((need) => need !== undefined),
  };
}

/** Size and licence before anything is fetched, as far as the registry tells or they are known; never rejects for a registry that cannot be asked. */
export async function previewOf(
  {
    model,
    registry,
    life,
    installed,
  }: { model: Model; registry: Registry | undefined; life: AbortSignal; installed: readonly ShelfModel[] },
  name: string,
): Promise<ModelPreview> {
  const known = knownModel(name);
  const free = await freeBytes(model);
  const asked = await askRegistry(registry, name, life);
  const bytes = asked.entry?.bytes ?? known?.bytes;
  const licences = asked.entry?.licences ?? [];
  const note =
    asked.note ??
    (bytes !== undefined && free !== undefined && bytes + DISK_MARGIN_BYTES > free
      ? 'There is not enough room on the disk for it.'
      : undefined);
  return {
    model: name,
    label: known?.label ?? shortModelName(name),
    licences: licences.length === 0 && known ? [{ name: known.licence, text: '' }] : licences,
    installed: installed.some((one) => isSameModel(one.name, name)),
    ...(asked.entry ? { found: asked.entry.found } : {}),
    ...(bytes === undefined ? {} : { bytes }),
    ...(free === undefined ? {} : { freeBytes: free }),
    ...(note === undefined ? {} : { note }),
  };
}

/** A disk that does not tell its room keeps nobody from looking. */
const freeBytes = async (model: Model): Promise<number | undefined> =>
  model.shelf
    ?.files()
    ?.space()
    .then(
      (space) => space.freeBytes,
      () => undefined,
    );

async function askRegistry(
  registry: Registry | undefined,
  name: string,
  life: AbortSignal,
): Promise<{ entry?: RegistryEntry; note?: string }> {
  if (!registry) return {};
  try {
    return { entry: await registry.lookUp(name, AbortSignal.any([life, AbortSignal.timeout(LOOK_UP_MS)])) };
  } catch (error) {
    return { note: asFault(error).message };
  }
}
