/** @file Where a registry keeps a model, by the model's name as Ollama reads it. */
import { hubName } from '../../../shared/model-names.ts';

export type ModelAddress = {
  /** The name under which it is asked for. */
  name: string;
  /** `https://host/v2/namespace/model`. */
  base: string;
  tag: string;
};

const DEFAULT_HOST = 'registry.ollama.ai';
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** `[host/]namespace/model[:tag]`; a name of three parts has its host first (types/model/name.go of Ollama). Undefined for what is no such name. */
function addressOf(name: string): ModelAddress | undefined {
  const [, path = '', tag = 'latest'] = /^(.+?)(?::([^:/]+))?$/.exec(name) ?? [];
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || parts.length > 3) return undefined;
  const [model, namespace = 'library', host = DEFAULT_HOST] = parts.toReversed();
  if (
    model === undefined ||
    !/^[\w.-]+$/.test(tag) ||
    !/^[\w.-]+$/.test(model) ||
    !/^[\w-]+$/.test(namespace) ||
    !/^[\w.[\]:-]+$/.test(host)
  )
    return undefined;
  const scheme = loopback.test(host) ? 'http' : 'https';
  return { name, base: `${scheme}://${host}/v2/${namespace}/${model}`, tag };
}

/** Where to ask, in order: under the name as it is, then under its name on the hub. */
export function addressesOf(name: string): ModelAddress[] {
  const names = [name, hubName(name)].filter((one) => one !== undefined);
  return names.map(addressOf).filter((one) => one !== undefined);
}
