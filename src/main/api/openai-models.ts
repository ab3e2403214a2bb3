/** @file The characters as an OpenAI client sees them: models. */
import type { z } from 'zod';
import type { CharacterSummary } from '../../shared/character.ts';
import { Fault } from '../../shared/faults.ts';
import type { Engine } from '../engine/contract.ts';
import { faultAnswer } from './fault-answer.ts';
import type { openAiModelSchema } from './openai-shapes.ts';
import { type Answer, jsonAnswer } from './respond.ts';
import type { RoutePorts, Visit } from './routes.ts';

/** A character is nobody's release: its date says nothing. */
const CREATED = 0;

function modelOf({ id }: CharacterSummary): z.infer<typeof openAiModelSchema> {
  return { id, object: 'model', created: CREATED, owned_by: 'persona_engine' };
}

export function modelsAnswer({ engine }: RoutePorts): Answer {
  return jsonAnswer(200, { object: 'list', data: engine.characters().map(modelOf) });
}

export function modelAnswer({ engine }: RoutePorts, _visit: Visit, id: string): Answer {
  const found = engine.characters().find((character) => character.id === id);
  return found ? jsonAnswer(200, modelOf(found)) : faultAnswer(unknownModel());
}

export const unknownModel = (): Fault =>
  new Fault('character-not-found', 'There is no character of this name here; nothing was asked; choose one that is listed as a model.');

/** The id of the character that a client means: ids come first, then the names of those that are listed, whatever their case. */
export function characterIdOf(engine: Engine, model: string): string {
  const listed = engine.characters();
  if (listed.some(({ id }) => id === model)) return model;
  return listed.find(({ name }) => name.toLowerCase() === model.toLowerCase())?.id ?? model;
}
