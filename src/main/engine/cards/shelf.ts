/** @file The port to the disk on which companions are kept: one record each, and two files beside it. */
import type { Character, CharacterOptions } from '../../../shared/character.ts';
import type { CardFormat } from './import-card.ts';

export type CardRecord = {
  id: string;
  /** The format of the file it came in; absent where it was written here. */
  format?: CardFormat | undefined;
  /** The document as JSON, exactly as it is handed on. */
  document: string;
  /** Whether the document is no longer what came in the file, byte for byte. */
  changed: boolean;
  accent: Character['accent'];
  options: CharacterOptions;
  /** Changes whenever the picture does; absent where there is none. */
  avatar?: string | undefined;
  /** The person chose the picture, or chose to have none; the card's own does not leave any more. */
  ownPicture?: boolean | undefined;
  /** ms since 1970. */
  createdAt: number;
  updatedAt: number;
};

/** original: the file as it came. avatar: the picture that is shown, drawn anew by the page. */
export type CardFile = 'original' | 'avatar';

/** What returns is on disk. Throws only Faults. */
export type CardShelf = {
  /** Every record that can be read; the others are left alone and logged. */
  all(): CardRecord[];
  /** The files first, then the record: a companion is there whole or not at all. A file given as undefined is removed. */
  put(record: CardRecord, files?: { [File in CardFile]?: Uint8Array | undefined }): void;
  file(id: string, file: CardFile): Uint8Array | undefined;
  /** Takes it out of sight, so that it can be brought back until it is removed. */
  hide(id: string): void;
  show(id: string): CardRecord | undefined;
  remove(id: string): void;
};
