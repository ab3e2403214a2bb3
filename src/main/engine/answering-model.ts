/** @file Which model answers, what it is, and how long its context is. */
import { Fault } from '../../shared/faults.ts';
import { DEFAULT_CONTEXT_TOKENS } from '../../shared/limits.ts';
import type { ModelDescription } from './models/shelf.ts';
import type { Model } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';

export type AnsweringModel = { description: ModelDescription; contextTokens: number; warnings: string[] };

type Whose = { characterId: string; model?: string | undefined };

/** The conversation's own, its companion's or the default. One that is no longer here is said to be so, and the default answers in its place. */
export async function answeringModel(
  ports: Pick<TurnPorts, 'model' | 'models' | 'settings'>,
  whose: Whose | undefined,
  signal: AbortSignal,
): Promise<AnsweringModel> {
  const { model, models, settings } = ports;
  const wanted = whose && models?.modelFor(whose);
  const { description, warnings } = await described(model, wanted, signal);
  const said = settings.now().model.contextTokens ?? DEFAULT_CONTEXT_TOKENS;
  const contextTokens = models?.contextOf(description) ?? Math.min(said, description.contextTokens);
  return { description, contextTokens, warnings };
}

async function described(
  model: Model,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Pick<AnsweringModel, 'description' | 'warnings'>> {
  if (wanted !== undefined) {
    try {
      return { description: await model.describe(wanted, signal), warnings: [] };
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'model-missing') throw error;
    }
  }
  const description = await model.describe(model.defaultModel(), signal);
  const warnings =
    wanted === undefined ? [] : [`The chosen model ${wanted.slice(0, 120)} is not here any more; ${description.label} answered.`];
  return { description, warnings };
}
