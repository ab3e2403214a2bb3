/** @file Whether an Ollama answers at an address. */
import { Fault } from '../../../shared/faults.ts';
import { createServer, readAddress } from './server.ts';
import { systemTimers } from './timers.ts';
import { createTransport } from './transport.ts';

/** Its version and how many of its models can hold a conversation; undefined where none answers within the time. */
export async function findLocalOllama(url: string, timeoutMs: number): Promise<{ version: string; models: number } | undefined> {
  const transport = createTransport({ server: readAddress(url).label, fixed: false, timers: systemTimers });
  const asked = { signal: AbortSignal.timeout(timeoutMs), silenceMs: timeoutMs };
  const server = createServer(transport, url);
  try {
    const [version, installed] = await Promise.all([server.version(asked), server.installed(asked)]);
    return { version, models: installed.filter((model) => model.converses).length };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  } finally {
    await transport.close();
  }
}
