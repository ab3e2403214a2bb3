/** @file GET /health from what is already known: cached states, nothing asked while somebody waits. */
import { asFault, type FaultCode } from '../shared/faults.ts';
import { PROBE_EVERY_MS } from '../shared/limits.ts';
import type { Dependency, Health, ModelStatus } from '../shared/status.ts';
import type { Clock, Model, Store } from './engine/ports.ts';

export type HealthPorts = {
  service: string;
  version: string;
  model: Model;
  store: Pick<Store, 'value'> & { health(): Dependency };
  clock: Clock;
  neighbours: Record<'redis' | 'character_manager' | 'memory_subsystem', () => Dependency>;
};

export type HealthWatch = {
  /** The whole answer; never waits. */
  now(): Health;
  close(): void;
};

/** Faults of a model on a server that answers. */
const modelsOwn = new Set<FaultCode | undefined>(['model-missing', 'model-loading-failed']);

function serverState(status: ModelStatus, latencyMs: number | undefined): Dependency {
  const why = status.choice?.because;
  if (status.engine === 'embedded') return { state: 'not_configured', reason: why ?? 'The embedded engine answers.' };
  if (status.engine === 'none') return { state: 'not_configured', reason: status.reason };
  if (status.state === 'starting' || status.state === 'degraded') return { state: 'degraded', reason: status.reason };
  if (status.state === 'failed' && !modelsOwn.has(status.fault?.code)) return { state: 'unhealthy', reason: status.reason };
  return { state: 'healthy', ...(why ? { reason: why } : {}), ...(latencyMs === undefined ? {} : { latency_ms: latencyMs }) };
}

/** A model that is there counts as healthy, loaded or not (wire.md). */
function modelState(status: ModelStatus): Dependency {
  switch (status.state) {
    case 'ready':
    case 'stopped':
      return { state: 'healthy' };
    case 'loading':
      return { state: 'healthy', reason: status.reason };
    case 'degraded':
    case 'installing':
    case 'starting':
      return { state: 'degraded', reason: status.reason };
    case 'absent':
    case 'failed':
      return { state: 'unhealthy', reason: status.reason };
  }
}

/** A read shows whether the file can be reached, and how fast. */
function lookAtStore({ store, clock }: HealthPorts): { latencyMs: number } | { broken: Dependency } {
  const began = clock.now();
  try {
    store.value('health');
    return { latencyMs: clock.now() - began };
  } catch (error) {
    return { broken: { state: 'unhealthy', reason: asFault(error).message } };
  }
}

/** Without a model or a disk there is no conversation; without a neighbour there is, with what stands in for it. */
function overall({ ollama, model, store, ...neighbours }: Health['dependencies']): Health['status'] {
  const vital = [ollama, model, store].map(({ state }) => state);
  if (vital.includes('unhealthy')) return 'unhealthy';
  const all = [...vital, ...Object.values(neighbours).map(({ state }) => state)];
  return all.some((state) => state === 'degraded' || state === 'unhealthy') ? 'degraded' : 'healthy';
}

/** Says since when each dependency has been in its present state. */
function createDates(clock: Clock): (name: string, finding: Dependency) => Dependency {
  const known = new Map<string, { state: Dependency['state']; since: string }>();
  return (name, finding) => {
    const before = known.get(name);
    const since = before?.state === finding.state ? before.since : new Date(clock.now()).toISOString();
    known.set(name, { state: finding.state, since });
    return finding.state === 'not_configured' ? finding : { ...finding, since };
  };
}

/** Looks at everything every few seconds, so that `since` holds where nobody asks. */
export function createHealth(ports: HealthPorts): HealthWatch {
  const { model, neighbours, clock } = ports;
  const dated = createDates(clock);
  let seen = lookAtStore(ports);
  let cancel = () => {};
  const now = (): Health => {
    const status = model.status();
    // What the disk last said to a write, the store itself knows.
    const store = 'broken' in seen ? seen.broken : { ...ports.store.health(), latency_ms: seen.latencyMs };
    const dependencies = {
      ollama: dated('ollama', serverState(status, model.latencyMs?.())),
      model: dated('model', modelState(status)),
      store: dated('store', store),
      redis: dated('redis', neighbours.redis()),
      character_manager: dated('character_manager', neighbours.character_manager()),
      memory_subsystem: dated('memory_subsystem', neighbours.memory_subsystem()),
    };
    return { status: overall(dependencies), service: ports.service, version: ports.version, dependencies };
  };
  const look = () => {
    seen = lookAtStore(ports);
    now();
    cancel = clock.after(PROBE_EVERY_MS, look);
  };
  look();
  const off = model.onStatus(() => void now());
  return {
    now,
    close() {
      off();
      cancel();
    },
  };
}
