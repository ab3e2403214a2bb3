/** @file GET /health from what is already known: cached states, nothing asked while somebody waits. */
import type { Dependency, Health, ModelStatus } from '../shared/status.ts';
import type { Clock, Model } from './engine/ports.ts';

export type HealthPorts = {
  service: string;
  version: string;
  model: Model;
  store: { health(): Dependency };
  clock: Clock;
  /** Outside services that are named in the configuration but not spoken to by this version. */
  configured: { redis: boolean; characterManager: boolean; memorySubsystem: boolean };
};

type State = Dependency['state'];
type Finding = Dependency;

const off: Finding = { state: 'not_configured' };
/** Honest about what is set and not used. */
const unused: Finding = { state: 'degraded', reason: 'It is configured, but this version does not speak to it yet.' };

function serverState(status: ModelStatus): Finding {
  if (status.engine === 'embedded' || status.engine === 'none') return { state: 'not_configured', reason: 'The embedded engine answers.' };
  const up = status.state !== 'failed' && status.state !== 'starting';
  return up ? { state: 'healthy' } : { state: 'unhealthy', reason: status.reason };
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

function overall(states: State[]): Health['status'] {
  if (states.includes('unhealthy')) return 'unhealthy';
  return states.includes('degraded') ? 'degraded' : 'healthy';
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
    const { configured } = ports;
    const dependencies = {
      ollama: dated('ollama', serverState(status)),
      model: dated('model', modelState(status)),
      store: dated('store', ports.store.health()),
      redis: dated('redis', configured.redis ? unused : off),
      character_manager: dated('character_manager', configured.characterManager ? unused : off),
      memory_subsystem: dated('memory_subsystem', configured.memorySubsystem ? unused : off),
    };
    const states = Object.values(dependencies).map(({ state }) => state);
    return { status: overall(states), service: ports.service, version: ports.version, dependencies };
  };
}
