/** @file Which CPU package of llama.cpp this platform takes. Only linux-x64 is proven; the others are written and have not been run. */
import { z } from 'zod';
import { Fault } from '../../../shared/faults.ts';

const packages: Record<string, string> = {
  'linux-x64': '@node-llama-cpp/linux-x64',
  'linux-arm64': '@node-llama-cpp/linux-arm64',
  'linux-arm': '@node-llama-cpp/linux-armv7l',
  'linux-riscv64': '@node-llama-cpp/linux-riscv64',
  'darwin-arm64': '@node-llama-cpp/mac-arm64-metal',
  'darwin-x64': '@node-llama-cpp/mac-x64',
  'win32-x64': '@node-llama-cpp/win-x64',
  'win32-arm64': '@node-llama-cpp/win-arm64',
};

/** The package that the lock installs as it stands. */
const PROVEN = '@node-llama-cpp/linux-x64';

export function platformPackage(platform: string, architecture: string): string {
  const name = packages[`${platform}-${architecture}`];
  if (name) return name;
  throw new Fault(
    'engine-missing',
    `There is no built-in model engine for ${platform} on ${architecture}; your conversations are kept: start Ollama, or set OLLAMA_BASE_URL to one.`,
  );
}

const dependenciesSchema = z.record(z.string(), z.string());
export const manifestSchema = z.looseObject({ dependencies: dependenciesSchema });
export const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ dependencies: dependenciesSchema.optional(), optional: z.boolean().optional() })),
});
export type EnginePackages = { manifest: z.infer<typeof manifestSchema>; lock: z.infer<typeof lockSchema> };

function exchange(dependencies: Record<string, string>, name: string): Record<string, string> {
  const { [PROVEN]: version, ...rest } = dependencies;
  if (version === undefined) throw new Error(`The engine's package does not name ${PROVEN}.`);
  return { ...rest, [name]: version };
}

/**
 * The engine's package.json and lock for one platform: the proven platform's package is exchanged for this one's, whose
 * version and integrity are in the lock already, as an optional dependency of node-llama-cpp.
 */
export function forPlatform(name: string, { manifest, lock }: EnginePackages): EnginePackages {
  if (name === PROVEN) return { manifest, lock };
  const root = lock.packages[''];
  const wanted = lock.packages[`node_modules/${name}`];
  const proven = lock.packages[`node_modules/${PROVEN}`];
  if (!root?.dependencies || !wanted || !proven) throw new Error(`The engine's lock does not hold ${name}.`);
  const { optional: _, ...required } = wanted;
  return {
    manifest: { ...manifest, dependencies: exchange(manifest.dependencies, name) },
    lock: {
      ...lock,
      packages: {
        ...lock.packages,
        '': { ...root, dependencies: exchange(root.dependencies, name) },
        [`node_modules/${name}`]: required,
        [`node_modules/${PROVEN}`]: { ...proven, optional: true },
      },
    },
  };
}
