/** @file A file of any known format as a card: what it is, its document, its picture, the files beside it. Nothing is kept here. */
import { base64Bytes } from '../../../shared/base64.ts';
import { CARD_FILE_BYTES, PICTURE_SIDE } from '../../../shared/card-limits.ts';
import type { Archives } from './archives.ts';
import { isBackyard, readBackyard } from './byaf.ts';
import { assetsOf, type CardDocument, type CardVersion, embeddedPath, toDocument } from './document.ts';
import { type ReadJson, readJson, tooLarge, unreadable } from './json-text.ts';
import { fieldOf } from './loose.ts';
import { isPng, readChunks, sizeOf } from './png-chunks.ts';
import { readAssets, readCardTexts } from './png-texts.ts';

export type CardFormat = 'png' | 'json' | 'charx' | 'byaf';

export type ReadCard = {
  format: CardFormat;
  version: CardVersion;
  document: CardDocument;
  /** The JSON as it stood in the file, where that was V3 already. */
  text: string | undefined;
  /** The picture as it came, of whatever kind; never shown as it is. */
  picture: Uint8Array | undefined;
  /** Other files of the card, by their path. */
  assets: Map<string, Uint8Array>;
  /** One sentence each. */
  remarks: string[];
};

/** Some archives have a picture or a program before their beginning; it is looked for so far. */
const PREFIX_BYTES = 8 * 1024 * 1024;

/** Where an archive begins (`PK`, 3, 4); -1 where there is none. */
function zipStart(bytes: Uint8Array): number {
  const end = Math.min(bytes.length, PREFIX_BYTES);
  // Looked for by its third byte, which is rarer in pictures and programs than letters are.
  for (let at = bytes.indexOf(3, 2); at >= 0 && at < end + 2; at = bytes.indexOf(3, at + 1)) {
    if (bytes[at - 2] === 0x50 && bytes[at - 1] === 0x4b && bytes[at + 1] === 4) return at - 2;
  }
  return -1;
}

const noCard = () => unreadable('There is no character card in this file');

function cardIn(json: ReadJson): Pick<ReadCard, 'document' | 'version' | 'text'> {
  // A lorebook alone is no character; it is said, and not taken for an empty one.
  const spec = fieldOf(json.value, 'spec');
  if (spec === 'lorebook_v3') throw unreadable('This is a lorebook without a character');
  const found = toDocument(json.value);
  if (!found) throw noCard();
  return { ...found, text: found.version === 3 ? json.text : undefined };
}

function fromPng(bytes: Uint8Array, archives: Archives): ReadCard {
  const chunks = readChunks(bytes);
  const { width, height } = sizeOf(chunks);
  const texts = readCardTexts(chunks, archives.inflate);
  const json = texts.ccv3 ?? texts.chara;
  if (!json) throw texts.damaged > 0 ? unreadable('The card in this picture is damaged') : noCard();
  const shown = width > 0 && height > 0 && width <= PICTURE_SIDE && height <= PICTURE_SIDE;
  const remarks = [
    ...(texts.damaged > 0 ? ['One of the two cards in this picture is damaged; the other one was read.'] : []),
    ...(shown ? [] : [`The picture is larger than ${PICTURE_SIDE} pixels on a side; it is kept in the file and not shown.`]),
  ];
  return { format: 'png', ...cardIn(readJson(json)), picture: shown ? bytes : undefined, assets: readAssets(chunks), remarks };
}

/** Names that lead nowhere outside: no file of an archive is ever written by its name, and others will read what is exported. */
const isPlainPath = (path: string) => !/(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|\p{Cc}|^[A-Za-z]:/u.test(path);

function fromCharx(files: Map<string, Uint8Array>): ReadCard {
  const json = files.get('card.json');
  if (!json) throw noCard();
  const card = cardIn(readJson(json));
  const assets = new Map([...files].filter(([name]) => name !== 'card.json' && isPlainPath(name)));
  const dropped = files.size - 1 - assets.size;
  const remarks = dropped > 0 ? [`${dropped} files in the archive have names that lead out of it; they were left behind.`] : [];
  return { format: 'charx', ...card, picture: mainIcon(card.document, assets), assets, remarks };
}

function fromJson(bytes: Uint8Array): ReadCard {
  const card = cardIn(readJson(bytes));
  return { format: 'json', ...card, picture: mainIcon(card.document, new Map()), assets: new Map(), remarks: [] };
}

/** The bytes of a picture that stands in the card's own words. */
function inAddress(uri: string): Uint8Array | undefined {
  const [address] = /^data:image\/[a-z0-9.+-]{1,20};base64,/i.exec(uri.slice(0, 64)) ?? [];
  return address === undefined ? undefined : base64Bytes(uri.slice(address.length));
}

/** The icon called main, else the first one that lies in the file or in the card's words. */
function mainIcon(document: CardDocument, assets: ReadonlyMap<string, Uint8Array>): Uint8Array | undefined {
  const icons = assetsOf(document).filter(({ type }) => type === 'icon');
  const sorted = [...icons.filter(({ name }) => name === 'main'), ...icons];
  for (const { uri } of sorted) {
    const bytes = assets.get(embeddedPath(uri) ?? '') ?? inAddress(uri);
    if (bytes && bytes.length > 0) return bytes;
  }
  return undefined;
}

function fromByaf(files: Map<string, Uint8Array>): ReadCard {
  const { document, picture, assets, messages, others } = readBackyard(files);
  const remarks = [
    ...(messages > 0 ? [`${messages} messages of an old conversation are in the archive; they were left behind.`] : []),
    ...(others > 0
      ? [`${others} further ${others === 1 ? 'character is' : 'characters are'} in the archive; the first one was read.`]
      : []),
  ];
  return { format: 'byaf', version: 3, document, text: undefined, picture, assets, remarks };
}

/** Reads a file by what is in it, whatever its name says. Throws Fault('bad-request') or Fault('too-large'). */
export function readCard(bytes: Uint8Array, archives: Archives): ReadCard {
  if (bytes.length > CARD_FILE_BYTES) throw tooLarge('This file is larger than 64 MiB');
  if (isPng(bytes)) return fromPng(bytes, archives);
  const first = bytes.find((byte) => byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  if (first === 0x7b) return fromJson(bytes);
  const start = zipStart(bytes);
  if (start < 0) throw noCard();
  const files = archives.unpack(bytes.subarray(start));
  return isBackyard(files) ? fromByaf(files) : fromCharx(files);
}
