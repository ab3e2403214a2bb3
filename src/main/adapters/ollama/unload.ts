/** @file Lets go of every model that a server holds in memory. */
import { Fault } from '../../../shared/faults.ts';
import { createServer, readAddress } from './server.ts';
import { systemTimers } from './timers.ts';
import { createTransport } from './transport.ts';

/** Answers how many were let go of; what could not be asked within the time stays. Only for a server of our own. */
export async function unloadModels(url: string, timeoutMs: number): Promise<number> {
  const transport = createTransport({ server: readAddress(url).label, fixed: false, timers: systemTimers });
  const asked = { signal: AbortSignal.timeout(timeoutMs), silenceMs: timeoutMs };
  const server = createServer(transport, url);
  const unload = async (model: string) => {
    const { client, call } = server.open({ ...asked, model, stream: false, mayRepeat: false });
    try {
      await client.chat({ model, messages: [], stream: false, keep_alive: 0 });
    } finally {
      call.end();
    }
  };
  try {
    const running = await server.running(asked);
    await Promise.all(running.map(unload));
    return running.length;
  } catch (error) {
    if (error instanceof Fault) return 0;
    throw error;
  } finally {
    await transport.close();
  }
}
