/** @file A runtime whose state is set by hand and that writes down what was asked of it. */
import type { Runtime } from '../../src/main/engine/runtime.ts';
import type { RuntimeStatus } from '../../src/shared/runtime.ts';

export type FakeRuntime = Runtime & {
  /** What was asked, in order. */
  asked: string[];
  become(status: RuntimeStatus): void;
  /** Makes the next thing that is asked fail. */
  refuseWith: Error | undefined;
};

export function createFakeRuntime(first: RuntimeStatus): FakeRuntime {
  const listeners = new Set<(status: RuntimeStatus) => void>();
  let status = first;
  const ask = (what: string) => {
    runtime.asked.push(what);
    if (runtime.refuseWith) throw runtime.refuseWith;
  };
  const runtime: FakeRuntime = {
    asked: [],
    refuseWith: undefined,
    become(next) {
      status = next;
      for (const listener of listeners) listener(next);
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    licences: () => ['Ollama', 'llama.cpp'].map((of) => ({ of, name: 'MIT', text: 'Permission is hereby granted …' })),
    lookUp: async () => ask('look up'),
    install: (graphics = [], thenModel) => ask(['install', ...graphics, ...(thenModel ? ['and the model'] : [])].join(' ')),
    pause: () => ask('pause'),
    cancel: async () => ask('cancel'),
    shareModels: async (share) => ask(share ? 'share' : 'stop sharing'),
    stopServer: async () => ask('stop server'),
    startServer: () => ask('start server'),
    log: () => ['Listening on 127.0.0.1:40001 (version 0.32.15)'],
    close: async () => {},
  };
  return runtime;
}
