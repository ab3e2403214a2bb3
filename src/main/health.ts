/** @file GET /health from what is already known: cached states, nothing asked while somebody waits. */
import type { Dependency, Health, ModelStatus } from '../shared/status.ts';
import type { Clock, Model } from './engine/ports.ts';

export type HealthPorts = {
  service: string;
  version: string;
  model: Model;
  store: { health(): Dependency };
  clock: Clock;
  neighbours: Record<'redis' | 'character_manager' | 'memory_subsystem', () => Dependency>;
};

type State = Dependency['state'];
type Finding = Dependency;

function serverState(status: ModelStatus): Finding {
  if (status.engine === 'embedded' || status.engine === 'none') return { state: 'not_configured', reason: 'The embedded engine answers.' };
  if (status.state === 'starting') return { state: 'degraded', reason: status.reason };
  return status.state === 'failed' ? { state: 'unhealthy', reason: status.reason } : { state: 'healthy' };
}

function modelState(status: ModelStatus): Finding {
  switch (status.state) {
    case 'ready':
    case 'stopped':
      return { state: 'healthy' };
    case 'degraded':
    case 'installing':
    case 'starting':
    case 'loading':
      return { state: 'degraded', reason: status.reason };
    case 'absent':
    case 'failed':
      return { state: 'unhealthy', reason: status.reason };
  }
}

/** Without a model or a disk there is no conversation; without a neighbour there is, with what stands in for it. */
function overall({ ollama, model, store, ...neighbours }: Health['dependencies']): Health['status'] {
  const vital = [ollama, model, store].map(({ state }) => state);
  if (vital.includes('unhealthy')) return 'unhealthy';
  const all = [...vital, ...Object.values(neighbours).map(({ state }) => state)];
  return all.some((state) => state === 'degraded' || state === 'unhealthy') ? 'degraded' : 'healthy';
}

/** The whole answer, from caches; `since` is when a dependency came into its present state. */
export function createHealth(ports: HealthPorts): () => Health {
  const known = new Map<string, { state: State; since: string }>();
  const dated = (name: string, finding: Finding): Dependency => {
    if (known.get(name)?.state !== finding.state)
      known.set(name, { state: finding.state, since: new Date(ports.clock.now()).toISOString() });
    const since = known.get(name)?.since;
    return since === undefined || finding.state === 'not_configured' ? finding : { ...finding, since };
  };
  return () => {
    const status = ports.model.status();
    const { neighbours } = ports;
    const dependencies = {
      ollama: dated('ollama', serverState(status)),
      model: dated('model', modelState(status)),
      store: dated('store', ports.store.health()),
      redis: dated('redis', neighbours.redis()),
      character_manager: dated('character_manager', neighbours.character_manager()),
      memory_subsystem: dated('memory_subsystem', neighbours.memory_subsystem()),
    };
    return { status: overall(dependencies), service: ports.service, version: ports.version, dependencies };
  };
}
