/** @file Which files of the pinned release a machine needs, by the release's own names, and what is known of them beforehand. */
import { z } from 'zod';
import pinnedFile from '../../../../resources/ollama-release.json' with { type: 'json' };
import type { GraphicsPart } from '../../../shared/runtime.ts';
import { RELEASE_GRAPHICS_BYTES, RELEASE_UNPACKED_BYTES } from '../../../shared/runtime-limits.ts';

/** Where releases lie, unless OLLAMA_RELEASE_URL says otherwise; a version and a file follow. */
export const RELEASES = 'https://github.com/ollama/ollama/releases/download';

const pinSchema = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  files: z.record(
    z.string(),
    z.strictObject({
      /** Empty where nobody has seen it in a place that can be named. */
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      bytes: z.number().int().positive().optional(),
      /** Where the hash was seen. */
      source: z.string().optional(),
    }),
  ),
});
/** The version that this program installs, and what is known of its files. */
export type Pin = z.infer<typeof pinSchema>;

/** Throws where it is none. */
export const readPins = (content: unknown): Pin => pinSchema.parse(content);

export const pinned: Pin = readPins(pinnedFile);

export type ArchiveFormat = 'tar.zst' | 'tgz' | 'zip';
export type ReleaseFile = { name: string; format: ArchiveFormat; sha256?: string | undefined; bytes?: number | undefined };

export type Machine = { platform: NodeJS.Platform; architecture: string; graphics: readonly GraphicsPart[] };
export type Plan = Machine & { version: string; files: ReleaseFile[]; unpackedBytes: number };

/** `.github/workflows/release.yaml` of Ollama, 0.30 to 0.34. */
const archives: Record<string, { base: string; rocm?: string; cuda?: true }> = {
  'linux-x64': { base: 'ollama-linux-amd64.tar.zst', rocm: 'ollama-linux-amd64-rocm.tar.zst', cuda: true },
  'linux-arm64': { base: 'ollama-linux-arm64.tar.zst', cuda: true },
  'darwin-x64': { base: 'ollama-darwin.tgz' },
  'darwin-arm64': { base: 'ollama-darwin.tgz' },
  'win32-x64': { base: 'ollama-windows-amd64.zip', rocm: 'ollama-windows-amd64-rocm.zip', cuda: true },
  'win32-arm64': { base: 'ollama-windows-arm64.zip' },
};

const formatOf = (name: string): ArchiveFormat => (name.endsWith('.zip') ? 'zip' : name.endsWith('.tgz') ? 'tgz' : 'tar.zst');

/** Undefined where the release has nothing for such a machine, or not the graphics parts that were asked for. */
export function planRelease({ version, files }: Pin, machine: Machine): Plan | undefined {
  const known = archives[`${machine.platform}-${machine.architecture}`];
  if (!known) return undefined;
  const wants = (part: GraphicsPart) => machine.graphics.includes(part);
  if ((wants('cuda') && !known.cuda) || (wants('rocm') && !known.rocm)) return undefined;
  const names = wants('rocm') && known.rocm ? [known.base, known.rocm] : [known.base];
  return {
    ...machine,
    version,
    files: names.map((name) => ({ name, format: formatOf(name), sha256: files[name]?.sha256, bytes: files[name]?.bytes })),
    unpackedBytes: RELEASE_UNPACKED_BYTES + machine.graphics.length * RELEASE_GRAPHICS_BYTES,
  };
}

export const addressOf = (base: string, version: string, file: string): string => `${base.replace(/\/+$/, '')}/v${version}/${file}`;
