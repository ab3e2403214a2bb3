/** @file What the engine has of companions: who is there, and everything a person can do with them. */
import type { Character, CharacterSummary } from '../../../shared/character.ts';
import type { CardEdit, CardPreview, CardText, ExportFormat, LibraryEntry } from '../../../shared/characters.ts';
import type { Characters } from '../ports.ts';
import type { ExportedFile } from './records.ts';
import type { Transfers, Upload } from './transfers.ts';

/** How often, and when last, somebody talked with a character. */
export type Talks = { characterId: string; conversations: number; lastTalkedAt: number };

export type ShownCharacter = {
  character: Character;
  text: CardText;
  source: LibraryEntry['source'];
  edited: boolean;
  avatar?: string;
  notFollowed: string[];
  contextTokens: number;
};

/** Every method throws Faults only, and what has returned is on disk. */
export type Library = Characters & {
  entries(): LibraryEntry[];
  show(id: string): ShownCharacter;
  /** Reads a card; nothing of it is kept. */
  preview(upload: Upload): { preview: CardPreview; picture: Uint8Array | undefined };
  add(upload: Upload, chosen: { avatar: Uint8Array | undefined; accent: Character['accent'] | undefined }): CharacterSummary;
  /** Without an id a new one is made. */
  save(id: string | undefined, edit: CardEdit): CharacterSummary;
  setAvatar(id: string, bytes: Uint8Array | undefined): CharacterSummary;
  avatar(id: string): Uint8Array;
  duplicate(id: string): CharacterSummary;
  /** Returns until when it can be brought back, in ms since 1970. */
  remove(id: string): number;
  restore(id: string): CharacterSummary;
  export(id: string, format: ExportFormat): ExportedFile;
  count(texts: readonly string[]): number[];
  transfers: Transfers;
  /** Hears the whole list after each change. */
  onChange(listener: (characters: CharacterSummary[]) => void): () => void;
  close(): void;
};
