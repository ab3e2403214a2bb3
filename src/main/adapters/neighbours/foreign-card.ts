/** @file What a Character Manager may answer, as a character: bare fields, or under `data` or `character`; cards V1 to V3. */
import { z } from 'zod';
import { type Character, characterSchema } from '../../../shared/character.ts';

const words = z.string().max(262_144).optional().catch(undefined);
const manyWords = z.array(z.string().max(65_536)).max(100).optional().catch(undefined);

/** The fields of wire.md, and those of the card formats that a conversation uses; whatever else there is, is left alone. */
const fieldsSchema = z.object({
  name: words,
  description: words,
  personality: words,
  persona: words,
  system_prompt: words,
  scenario: words,
  first_mes: words,
  mes_example: words,
  post_history_instructions: words,
  alternate_greetings: manyWords,
  creator_notes: words,
  tags: manyWords,
});

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Cards carry their fields under `data`, some services under `character`, and a card may lie in either. */
function fieldsOf(value: unknown, depth = 0): Record<string, unknown> | undefined {
  if (!isObject(value) || depth > 2) return undefined;
  return fieldsOf(value['data'], depth + 1) ?? fieldsOf(value['character'], depth + 1) ?? value;
}

/** The character in an answer, or undefined where nothing in it describes one. */
export function readForeignCard(id: string, value: unknown): Character | undefined {
  const parsed = fieldsSchema.safeParse(fieldsOf(value));
  if (!parsed.success) return undefined;
  const card = parsed.data;
  const said = [card.name, card.description, card.personality, card.persona, card.system_prompt, card.scenario];
  if (said.every((field) => field === undefined || field.trim() === '')) return undefined;
  const persona = card.persona !== undefined && card.persona !== card.personality ? card.persona : '';
  return characterSchema.parse({
    id,
    name: card.name?.trim().slice(0, 200) || id,
    description: [card.description ?? '', persona].filter((part) => part.trim() !== '').join('\n\n'),
    personality: card.personality ?? '',
    scenario: card.scenario ?? '',
    systemPrompt: card.system_prompt ?? '',
    firstMessage: card.first_mes ?? '',
    alternateGreetings: card.alternate_greetings ?? [],
    messageExamples: card.mes_example ?? '',
    postHistory: card.post_history_instructions ?? '',
    creatorNotes: card.creator_notes ?? '',
    tags: card.tags ?? [],
  });
}
