/** @file What a Character Manager may answer, as a character: bare fields, or under `data` or `character`; cards V1 to V3. */
import { z } from 'zod';
import { type Character, characterSchema } from '../../../shared/character.ts';

/** Half of what the contract allows in UTF-16 units, so that whole characters always fit. */
const NAME_CHARACTERS = 100;

const words = z.string().optional().catch(undefined);
const manyWords = z.array(z.string()).optional().catch(undefined);

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
type Fields = z.infer<typeof fieldsSchema>;

const saysSomething = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

function describesOne(card: Fields): boolean {
  return [card.name, card.description, card.personality, card.persona, card.system_prompt, card.scenario].some(saysSomething);
}

/** Cards carry their fields under `data`, some services under `character`, and a card may lie in either; the innermost that says anything counts. */
function fieldsOf(value: unknown, depth = 0): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 2) return undefined;
  const { data, character } = value as Record<string, unknown>;
  const inner = fieldsOf(data, depth + 1) ?? fieldsOf(character, depth + 1);
  if (inner) return inner;
  const parsed = fieldsSchema.safeParse(value);
  return parsed.success && describesOne(parsed.data) ? parsed.data : undefined;
}

/** One line, as a header and a list show it, cut between whole characters. */
function nameOf(card: Fields, id: string): string {
  const line = (card.name ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return Array.from(line).slice(0, NAME_CHARACTERS).join('').trim() || id;
}

/** The character in an answer, or undefined where nothing in it describes one. */
export function readForeignCard(id: string, value: unknown): Character | undefined {
  const card = fieldsOf(value);
  if (!card) return undefined;
  const { description, persona } = card;
  const others = [description, card.personality, card.scenario, card.system_prompt].map((text) => text?.trim());
  const more = others.includes(persona?.trim()) ? undefined : persona;
  return characterSchema.parse({
    id,
    name: nameOf(card, id),
    description: [description, more].filter(saysSomething).join('\n\n'),
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
