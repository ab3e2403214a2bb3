/** @file What would be fetched, as a person reads it before anything is. */
import { type GraphicsPart, graphicsParts, type RuntimeOffer } from '../../../shared/runtime.ts';
import { addressOf, type Pin, planRelease } from './release.ts';

export type OfferGround = {
  pin: Pin;
  platform: NodeJS.Platform;
  architecture: string;
  base: string;
  /** Where it goes, as a person may see it. */
  folder: string;
  /** The model that could follow. */
  model?: RuntimeOffer['model'] | undefined;
  theirModels?: RuntimeOffer['theirModels'] | undefined;
  /** Sizes that the release's server told. */
  looked: ReadonlyMap<string, { bytes: number }>;
};

/** Undefined where the release has nothing for such a machine. */
export function releaseOffer(
  { pin, platform, architecture, base, folder, looked, model, theirModels }: OfferGround,
  graphics: readonly GraphicsPart[],
): RuntimeOffer | undefined {
  const plan = planRelease(pin, { platform, architecture, graphics });
  const first = plan?.files[0];
  if (!plan || !first) return undefined;
  const sizes = plan.files.map(({ name, bytes }) => bytes ?? looked.get(name)?.bytes);
  const bytes = sizes.every((size) => size !== undefined) ? { bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) } : {};
  const isPinned = plan.files.every(({ sha256 }) => sha256 !== undefined);
  return {
    version: plan.version,
    file: plan.files.map(({ name }) => name).join(' and '),
    address: addressOf(base, plan.version, first.name),
    ...bytes,
    unpackedBytes: plan.unpackedBytes,
    hash: isPinned
      ? { from: 'pinned', words: 'Its SHA-256 came with this program, and every byte is compared with it.' }
      : {
          from: 'release',
          words: 'This program knows no SHA-256 of it. The release’s own list is used, which comes from the same place as the file.',
        },
    folder,
    graphics: graphicsParts.filter((part) => planRelease(pin, { platform, architecture, graphics: [part] })),
    ...(model ? { model } : {}),
    ...(theirModels ? { theirModels } : {}),
  };
}
