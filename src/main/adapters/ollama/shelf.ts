/** @file What an Ollama keeps: every model with what it can and what of it is in memory, and the long texts of one of them. */
import { asFault } from '../../../shared/faults.ts';
import { shortModelName } from '../../../shared/model-names.ts';
import type { ModelShelf, ShelfDetails, ShelfModel } from '../../engine/models/shelf.ts';
import type { Log } from '../../engine/ports.ts';
import type { Knowledge } from './knowledge.ts';
import { type InstalledModel, isStarter } from './names.ts';
import type { Asked, Server } from './server.ts';
import { isScripted } from './status.ts';
import type { Watch } from './watch.ts';

export type ShelfWorld = {
  options: { baseUrl: string; silenceMs: number; log: Log };
  server: Server;
  watch: Pick<Watch, 'known'>;
  knowledge: Knowledge;
};

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Its files are somebody else's: whoever owns the server adds those. */
export function createShelf(world: ShelfWorld): ModelShelf {
  const asked = (signal: AbortSignal): Asked => ({ signal, silenceMs: world.options.silenceMs });
  return {
    place: () => (loopback.test(new URL(world.options.baseUrl).hostname) ? 'here' : 'elsewhere'),
    files: () => undefined,
    async inventory(signal) {
      const [installed, loaded] = await Promise.all([world.server.installed(asked(signal)), world.server.loaded(asked(signal))]);
      return Promise.all(
        installed.map(async (model) => {
          const inMemory = loaded.get(model.name);
          return { ...(await described(world, model, asked(signal))), ...(inMemory ? { loaded: inMemory } : {}) };
        }),
      );
    },
    async details(name, signal) {
      const installed = await world.server.installed(asked(signal));
      const model = world.knowledge.find(name, installed);
      const show = await world.server.show(model.name, asked(signal));
      const changedAt = Date.parse(show.modified_at ?? '');
      return {
        ...texts(show),
        ...(model.digest === '' ? {} : { digest: model.digest }),
        ...(Number.isFinite(changedAt) ? { changedAt } : {}),
      };
    },
  };
}

type Texts = { license?: string | null | undefined; parameters?: string | null | undefined; template?: string | null | undefined };

function texts({ license, parameters, template }: Texts): ShelfDetails {
  return {
    ...(license ? { licence: license } : {}),
    ...(parameters ? { parameters } : {}),
    ...(template ? { template } : {}),
  };
}

/** A model whose file cannot be read is listed all the same, so that it can be removed. */
async function described(world: ShelfWorld, model: InstalledModel, asked: Asked): Promise<ShelfModel> {
  const { converses } = model;
  // Canned replies are no model that another one could take over from.
  const starter = isStarter(model) && !isScripted(world.watch.known);
  try {
    return { ...(await world.knowledge.describe(model, asked)), converses, starter };
  } catch (error) {
    asked.signal.throwIfAborted();
    const { code } = asFault(error);
    world.options.log.debug('model-not-described', { model: model.name, code });
    if (code === 'model-offline') throw error;
    const { name, family, sizeBytes, parameterSize, quantisation } = model;
    return {
      name,
      label: shortModelName(name),
      family,
      sizeBytes,
      parameterSize,
      quantisation,
      contextTokens: 0,
      thinking: false,
      capabilities: [],
      converses: false,
      starter,
    };
  }
}
