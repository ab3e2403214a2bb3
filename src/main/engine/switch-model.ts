/** @file A model port behind which another can take over while the program runs; whoever still speaks to the old one ends with it. */
import type { ModelStatus } from '../../shared/status.ts';
import type { Model } from './ports.ts';

export type SwitchModel = Model & {
  /** From now on this one answers; the one before is closed as soon as nobody uses it any more. */
  switchTo(next: Model): void;
  /** Resolves as soon as no reply is being written. */
  idle(): Promise<void>;
};

/** One model and how many are using it. */
type Seat = { model: Model; users: number; left: boolean; off: () => void };

/** `onRetry` hears that somebody asked to try again, after the model has. */
export function createSwitchModel(first: Model, onRetry: () => void = () => {}): SwitchModel {
  const listeners = new Set<(status: ModelStatus) => void>();
  const tell = (status: ModelStatus) => {
    for (const listener of listeners) listener(status);
  };
  const sit = (model: Model): Seat => ({ model, users: 0, left: false, off: model.onStatus(tell) });
  const closings = new Set<Promise<void>>();
  let seat = sit(first);
  /** What was last preferred, for the one that comes. */
  let preferred: { model: string | undefined } | undefined;

  const closeIfUnused = (one: Seat) => {
    if (!one.left || one.users > 0) return;
    const closing = one.model.close().finally(() => closings.delete(closing));
    closings.add(closing);
  };
  const release = (one: Seat) => {
    one.users -= 1;
    closeIfUnused(one);
  };
  const use = async <Value>(question: (model: Model) => Promise<Value>): Promise<Value> => {
    const mine = seat;
    mine.users += 1;
    try {
      return await question(mine.model);
    } finally {
      release(mine);
    }
  };
  let talking = 0;
  let idlers: (() => void)[] = [];
  const fellSilent = () => {
    talking -= 1;
    if (talking > 0) return;
    for (const goOn of idlers) goOn();
    idlers = [];
  };
  const stream = async function* <Piece>(question: (model: Model) => AsyncIterable<Piece>, ended = () => {}): AsyncGenerator<Piece> {
    const mine = seat;
    mine.users += 1;
    try {
      yield* question(mine.model);
    } finally {
      release(mine);
      ended();
    }
  };
  return {
    status: () => seat.model.status(),
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    latencyMs: () => seat.model.latencyMs?.(),
    defaultModel: () => seat.model.defaultModel(),
    describe: (model, signal) => use((inner) => inner.describe(model, signal)),
    preload: (model, contextTokens, signal) => use((inner) => inner.preload(model, contextTokens, signal)),
    chat(request, signal) {
      const begin = (inner: Model) => {
        talking += 1;
        return inner.chat(request, signal);
      };
      return stream(begin, fellSilent);
    },
    pull: (model, signal) => stream((inner) => inner.pull(model, signal)),
    list: (signal) => use((inner) => inner.list(signal)),
    remove: (model, signal) => use((inner) => inner.remove(model, signal)),
    retry() {
      seat.model.retry();
      onRetry();
    },
    prefer(model) {
      preferred = { model };
      seat.model.prefer?.(model);
    },
    get shelf() {
      return seat.model.shelf;
    },
    idle: () => (talking === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    async close() {
      await Promise.all([seat.model.close(), ...closings]);
    },
    switchTo(next) {
      const before = seat;
      before.off();
      before.left = true;
      seat = sit(next);
      if (preferred) next.prefer?.(preferred.model);
      tell(next.status());
      closeIfUnused(before);
    },
  };
}
