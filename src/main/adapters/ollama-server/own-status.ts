/** @file The state of our own Ollama, server and model together, as a person reads it. */
import { Fault, type WireFault } from '../../../shared/faults.ts';
import type { ModelChoice, ModelStatus, Progress } from '../../../shared/status.ts';
import type { Supervision } from './supervision.ts';

export type OwnKnown = {
  supervision: Supervision;
  /** What the adapter says of the running server; undefined before the first one. */
  model: ModelStatus | undefined;
  /** The model that was asked for. */
  wanted: string;
  /** A starter model that is being fetched, or why it could not be had. */
  fetching: Progress | undefined;
  supplyFault: WireFault | undefined;
  choice: ModelChoice;
};

/** What is thrown at whoever asks while nothing runs. */
export function serverFault({ state, reason }: Supervision, detail?: string): Fault {
  const options = detail === undefined || detail === '' ? {} : { detail };
  if (state === 'absent') return new Fault('engine-missing', reason, options);
  return new Fault('model-offline', reason, options);
}

const isListening = ({ state }: Supervision): boolean => state === 'ready' || state === 'degraded';

/** The adapter's word for the server, where only the model is meant. */
function ofRunning(known: OwnKnown, model: ModelStatus): ModelStatus {
  const { supervision, fetching, supplyFault } = known;
  if (fetching)
    return { ...withoutFault(model), state: 'installing', reason: `${fetching.label}; this happens only once.`, progress: fetching };
  if (supervision.state === 'degraded') return { ...model, state: 'degraded', reason: supervision.reason };
  if (model.state === 'absent' && supplyFault) return { ...model, reason: supplyFault.message, fault: supplyFault };
  if (model.fault?.code === 'model-offline' || model.fault?.code === 'model-timeout')
    return { ...withoutFault(model), state: 'degraded', reason: 'Our own Ollama does not answer at the moment.' };
  if (model.state === 'starting') return { ...model, reason: 'Our own Ollama is being started.' };
  return model.state === 'ready' && model.engine === 'ollama' ? { ...model, reason: supervision.reason } : model;
}

function withoutFault(model: ModelStatus): ModelStatus {
  const { fault: _, ...rest } = model;
  return rest;
}

export function ownStatus(known: OwnKnown, detail?: string): ModelStatus {
  const { supervision, model, wanted, choice } = known;
  if (isListening(supervision) && model) return { ...ofRunning(known, model), choice };
  const { state, reason } = supervision;
  const fault = state === 'absent' || state === 'failed' ? { fault: serverFault(supervision, detail).toWire() } : {};
  const shown = model ?? { model: wanted, label: wanted.slice(0, 60), starter: false, engine: 'ollama' as const };
  return {
    state: isListening(supervision) ? 'starting' : state,
    engine: state === 'absent' ? 'none' : shown.engine,
    model: shown.model,
    label: shown.label,
    starter: shown.starter,
    reason,
    choice,
    ...fault,
  };
}
