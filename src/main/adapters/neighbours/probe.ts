/** @file Whether a neighbouring service can be reached, looked at from time to time for /health. */
import { PROBE_EVERY_MS, PROBE_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { Dependency } from '../../../shared/status.ts';
import type { Clock } from '../../engine/ports.ts';

export type Probe = { latest(): Dependency; close(): void };

/** Any HTTP answer counts as reachable: these services promise no health route. */
async function look(url: string, clock: Clock): Promise<Dependency> {
  const began = clock.now();
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    return { state: 'healthy', latency_ms: clock.now() - began };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return { state: 'unhealthy', reason: late ? 'It does not answer.' : 'It cannot be reached.' };
  }
}

export function createProbe(baseUrl: string, clock: Clock): Probe {
  const url = `${baseUrl.replace(/\/+$/, '')}/health`;
  let latest: Dependency = { state: 'degraded', reason: 'It is being looked for.' };
  let cancel = () => {};
  let closed = false;
  const again = async () => {
    latest = await look(url, clock);
    if (!closed) cancel = clock.after(PROBE_EVERY_MS, () => void again());
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
