/** @file Everything in a card that is not added yet, as a person sees it before anything takes effect. */
import type { Character } from '../../../shared/character.ts';
import type { CardPreview } from '../../../shared/characters.ts';
import type { LoreEntry } from '../../../shared/lorebook.ts';
import { exampleText, personaText, scopeOf } from '../persona.ts';
import type { Archives } from './archives.ts';
import { notFollowed } from './honour.ts';
import { type ReadCard, readCard } from './import-card.ts';
import { unreadable } from './json-text.ts';
import { plainOptions, readCharacter } from './read-character.ts';
import type { Upload } from './transfers.ts';

/** What texts cost with the model in use. */
export type Costs = { count(text: string): number; contextTokens(): number };

/** Longest document that is shown as JSON: more than anybody scrolls through, and a frame still holds it. */
const SOURCE_CHARACTERS = 60_000;
/** The id of a companion that is not there yet. */
const NOT_YET = 'preview';

const canBeActive = ({ keys, patterns, constant, decorators }: LoreEntry) =>
  constant || decorators.activate === true || patterns.length === 0 || keys.some((key) => !patterns.includes(key));

function tokensOf(character: Character, costs: Costs): CardPreview['tokens'] {
  const lore = character.lorebook?.entries.filter((entry) => entry.enabled && canBeActive(entry)) ?? [];
  const cost = (entries: typeof lore) => costs.count(entries.map(({ content }) => content).join('\n'));
  const scope = scopeOf(character, { name: '', about: '' }, character.id);
  const triggered = cost(lore.filter(({ constant }) => !constant));
  return {
    always: costs.count(personaText(character, scope)) + costs.count(character.postHistory) + cost(lore.filter(({ constant }) => constant)),
    lore: Math.min(triggered, character.lorebook?.tokenBudget ?? triggered),
    examples: costs.count(exampleText(character, scope)),
  };
}

export function characterOf(id: string, card: Pick<ReadCard, 'document'>): Character {
  const character = readCharacter(id, card.document, plainOptions);
  if (!character) throw unreadable('There is no character card in this file');
  return character;
}

export function previewCard(upload: Upload, ports: { archives: Archives; costs: Costs }): { preview: CardPreview; card: ReadCard } {
  const { costs } = ports;
  const card = readCard(upload.bytes, ports.archives);
  const character = characterOf(NOT_YET, card);
  const counted = (text: string) => ({ text, tokens: costs.count(text) });
  const { text } = card;
  const source = text !== undefined && text.length > SOURCE_CHARACTERS ? text : JSON.stringify(card.document, null, 2);
  const preview: CardPreview = {
    file: upload.name,
    bytes: upload.bytes.length,
    format: card.format,
    version: card.version,
    character,
    tokens: tokensOf(character, costs),
    description: counted(character.description),
    personality: counted(character.personality),
    scenario: counted(character.scenario),
    systemPrompt: counted(character.systemPrompt),
    postHistory: counted(character.postHistory),
    contextTokens: costs.contextTokens(),
    files: card.assets.size,
    notFollowed: notFollowed(character, card.document, card.assets.size),
    remarks: card.remarks,
    source:
      source.length > SOURCE_CHARACTERS
        ? `${source.slice(0, SOURCE_CHARACTERS)}\n… and ${source.length - SOURCE_CHARACTERS} more characters`
        : source,
  };
  return { preview, card };
}
