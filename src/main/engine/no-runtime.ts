/** @file The runtime where there is none to install or to look after, such as behind scripted replies. */
import { Fault } from '../../shared/faults.ts';
import type { RuntimeStatus } from '../../shared/runtime.ts';
import type { Runtime } from './runtime.ts';

const notOurs = (): Fault => new Fault('bad-request', 'There is no Ollama of our own here; nothing was changed.');

export function createNoRuntime(reason: string): Runtime {
  const status: RuntimeStatus = { install: { state: 'not-offered', reason } };
  const refuse = (): never => {
    throw notOurs();
  };
  return {
    status: () => status,
    onStatus: () => () => {},
    licences: () => [],
    lookUp: async () => refuse(),
    install: refuse,
    pause: refuse,
    cancel: async () => refuse(),
    shareModels: async () => refuse(),
    stopServer: async () => refuse(),
    startServer: refuse,
    log: () => [],
    close: async () => {},
  };
}
