/** @file Whether a neighbouring service can be reached, looked at from time to time for /health. */
import { PROBE_EVERY_MS, PROBE_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { Dependency } from '../../../shared/status.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { ServiceLine } from './service-line.ts';

export type Probe = { latest(): Dependency; close(): void };

/** These services promise no health route, so that a 404 is an answer like any other; from 500 on they say that something is wrong. */
async function look({ line, clock, log, name }: ProbePorts): Promise<Dependency> {
  const began = clock.now();
  try {
    const status = await line.status('/health', PROBE_TIMEOUT_MS);
    const latency_ms = clock.now() - began;
    return status < 500 ? { state: 'healthy', latency_ms } : { state: 'degraded', reason: `It answers with status ${status}.`, latency_ms };
  } catch (error) {
    log.debug('neighbour-away', { name, cause: error });
    const late = error instanceof Error && error.name === 'TimeoutError';
    return { state: 'unhealthy', reason: late ? 'It does not answer.' : 'It cannot be reached.' };
  }
}

export type ProbePorts = { name: string; line: ServiceLine; clock: Clock; log: Log };

/** Looks at once and then every few seconds; `latest` never waits. */
export function createProbe(ports: ProbePorts): Probe {
  let latest: Dependency = { state: 'degraded', reason: 'It is being looked for.' };
  let cancel = () => {};
  let closed = false;
  const again = async () => {
    latest = await look(ports);
    if (!closed) cancel = ports.clock.after(PROBE_EVERY_MS, () => void again());
  };
  void again();
  return {
    latest: () => latest,
    close() {
      closed = true;
      cancel();
    },
  };
}
