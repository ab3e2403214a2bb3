/** @file What is known of a model server, as the state a person reads. */
import type { Fault } from '../../../shared/faults.ts';
import type { ModelStatus, Progress } from '../../../shared/status.ts';
import { missingFault } from './faults.ts';
import { findInstalled, type InstalledModel, isStarter, labelOf, largestInstalled } from './names.ts';

/** What the last probe saw. */
export type Sight = { version: string; installed: InstalledModel[] };

export type Known = {
  /** Named in sentences. */
  server: string;
  /** The model that was asked for. */
  wanted: string;
  /** The one that the person prefers to it. */
  preferred: string | undefined;
  /** Whether the largest installed model may take its place. */
  anyModel: boolean;
  /** The latest good look; kept while the server is away. */
  sight: Sight | undefined;
  /** Why the latest look failed. */
  fault: Fault | undefined;
  /** Requests that wait for a model to be loaded. */
  loading: number;
  progress: Progress | undefined;
  contextTokens: number | undefined;
  /** How long the server took for the latest good look, in milliseconds. */
  latencyMs?: number;
};

/** The model that answers where a request names none. */
export function chosenModel(known: Pick<Known, 'sight' | 'wanted' | 'preferred' | 'anyModel'>): InstalledModel | undefined {
  const installed = known.sight?.installed ?? [];
  const preferred = known.preferred === undefined ? undefined : findInstalled(known.preferred, installed);
  return preferred ?? findInstalled(known.wanted, installed) ?? (known.anyModel ? largestInstalled(installed) : undefined);
}

/** A server with canned replies says so in its version, and is shown as what it is. */
export const isScripted = (known: Pick<Known, 'sight'>): boolean => known.sight?.version.includes('scripted') ?? false;

function stateOf(known: Known, model: InstalledModel | undefined): Pick<ModelStatus, 'state' | 'reason'> & { fault?: Fault } {
  if (known.fault) return { state: 'failed', reason: known.fault.message, fault: known.fault };
  if (!known.sight) return { state: 'starting', reason: `Looking for Ollama at ${known.server}.` };
  // Whoever has a model to talk with goes on talking while another one comes.
  if (known.progress && !model) return { state: 'installing', reason: known.progress.label };
  if (!model) {
    const fault = missingFault(known.wanted);
    return { state: 'absent', reason: fault.message, fault };
  }
  if (known.loading > 0) return { state: 'loading', reason: `${labelOf(model)} is being loaded.` };
  if (isScripted(known)) return { state: 'ready', reason: `Canned replies, not a model, from ${known.server}.` };
  return { state: 'ready', reason: `Ollama ${known.sight.version} answers at ${known.server}.` };
}

export function statusOf(known: Known): ModelStatus {
  const model = chosenModel(known);
  const { state, reason, fault } = stateOf(known, model);
  const scripted = isScripted(known);
  return {
    state,
    engine: scripted ? 'scripted' : 'ollama',
    model: model?.name ?? known.wanted,
    label: scripted ? 'Scripted replies' : model ? labelOf(model) : known.wanted.slice(0, 60),
    reason,
    starter: !scripted && model !== undefined && isStarter(model),
    ...(known.contextTokens === undefined ? {} : { contextTokens: known.contextTokens }),
    ...(known.progress && !model ? { progress: known.progress } : {}),
    ...(fault ? { fault: fault.toWire() } : {}),
  };
}
