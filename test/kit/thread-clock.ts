/**
 * @file Processor time of the thread that asks, in milliseconds, exact to the microsecond. What Node tells of a thread (getrusage) is as
 * old as the system's last tick, up to 4 ms here; its WASI asks the clock of the thread itself (CLOCK_THREAD_CPUTIME_ID).
 */
import { WASI } from 'node:wasi';

const THREAD_CLOCK = 3;
/** (module (memory (export "memory") 1) (func (export "_initialize"))) */
const memoryAlone = Buffer.from('AGFzbQEAAAABBAFgAAADAgEABQMBAAEHGAIGbWVtb3J5AgALX2luaXRpYWxpemUAAAoEAQIACw==', 'base64');

const wasi = new WASI({ version: 'preview1' });
const instance = new WebAssembly.Instance(new WebAssembly.Module(memoryAlone));
wasi.initialize(instance);
const exported = instance.exports['memory'];
if (!(exported instanceof WebAssembly.Memory)) throw new Error('the module has no memory');
const memory = new DataView(exported.buffer);
const clockTimeGet = wasi.wasiImport['clock_time_get'] as (clock: number, precision: bigint, at: number) => number;

export function threadMs(): number {
  const fault = clockTimeGet(THREAD_CLOCK, 0n, 0);
  if (fault !== 0) throw new Error(`the thread's clock cannot be read: ${fault}`);
  return Number(memory.getBigUint64(0, true)) / 1e6;
}
