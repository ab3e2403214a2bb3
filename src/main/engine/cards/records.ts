/** @file A companion's record as what takes effect, and as what is handed on. */
import type { Character, CharacterSummary } from '../../../shared/character.ts';
import type { ExportFormat } from '../../../shared/characters.ts';
import type { Settings } from '../../../shared/settings.ts';
import { greetingText, personFor, scopeOf } from '../persona.ts';
import type { Archives } from './archives.ts';
import { drawnPicture } from './avatar.ts';
import type { CardDocument } from './document.ts';
import { exportCard, exportTypes, type KeptCard } from './export-card.ts';
import { type ReadCard, readCard } from './import-card.ts';
import { readJson } from './json-text.ts';
import { withOwnPicture } from './own-picture.ts';
import { readCharacter } from './read-character.ts';
import type { CardRecord, CardShelf } from './shelf.ts';

const utf8 = new TextEncoder();

export const documentOf = (record: Pick<CardRecord, 'document'>): CardDocument => readJson(utf8.encode(record.document)).value;

/** The character, with the person's own colour and choices; undefined where the document describes none any more. */
export function recordCharacter(record: CardRecord): Character | undefined {
  const character = readCharacter(record.id, documentOf(record), record.options);
  return character && { ...character, accent: record.accent };
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => isEqual(left[name], right[name]));
}

/** Whether two cards say the same, whatever their colours and whatever the person chose for each; two that differ are told apart by their first texts. */
export function sameWords(one: Character | undefined, other: Character): boolean {
  if (!one || one.name !== other.name || one.description !== other.description) return false;
  return isEqual({ ...one, id: '', accent: null, options: null }, { ...other, id: '', accent: null, options: null });
}

/** Its first words are as this person would hear them. */
export function summaryOf(character: Character, avatar: string | undefined, settings: Pick<Settings, 'person'>): CharacterSummary {
  const { id, name, accent } = character;
  const firstMessage = greetingText(character.firstMessage, scopeOf(character, personFor(character, settings), id));
  return { id, name, accent, firstMessage, ...(avatar === undefined ? {} : { avatar }) };
}

/** A name for the file: letters of any script, and nothing that a disk or a person could stumble over. */
export function fileName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N} ._-]+/gu, '').replace(/^[. ]+|[. ]+$/g, '');
  return plain.slice(0, 60) || 'companion';
}

export type ExportPorts = { archives: Archives; shelf: Pick<CardShelf, 'file'> };
export type ExportedFile = { name: string; mediaType: string; bytes: Uint8Array };

/** The companion as a file of its own. */
export function exportRecord(record: CardRecord, format: ExportFormat, { archives, shelf }: ExportPorts): ExportedFile {
  const document = documentOf(record);
  const bytes = record.format ? shelf.file(record.id, 'original') : undefined;
  const read: ReadCard | undefined = bytes && readCard(bytes, archives);
  const drawn = () => shelf.file(record.id, 'avatar') ?? drawnPicture(record.accent.hue, archives);
  const kept: KeptCard = {
    document,
    text: record.changed ? undefined : read?.text,
    original: bytes && record.format ? { bytes, format: record.format } : undefined,
    changed: record.changed,
    assets: read?.assets ?? new Map<string, Uint8Array>(),
    picture: read?.picture,
    drawn,
  };
  const { ending, mediaType } = exportTypes[format];
  const name = readCharacter(record.id, document, record.options)?.name ?? '';
  return {
    name: `${fileName(name)}.${ending}`,
    mediaType,
    bytes: exportCard(record.ownPicture ? withOwnPicture(kept, drawn()) : kept, format, archives),
  };
}

const HUES = [20, 55, 95, 150, 190, 230, 265, 300, 330] as const;

/** A colour for a companion whose card names none: from its name, so that it is the same wherever the card is opened. */
export function accentFor(name: string): Character['accent'] {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973;
  return { hue: HUES[sum % HUES.length] ?? 20, chroma: 0.11 };
}

/** An id that may be a folder's name on every disk: letters of the name that are plain, and an end that nobody else has. */
export function newCharacterId(name: string, unique: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const end = unique
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .slice(-12);
  return `${plain || 'companion'}-${end}`;
}
