/** @file The texts in a PNG file that belong to a card: tEXt as the specifications say, zTXt and iTXt where a program wrote those. */
import { fromBase64, toBase64 } from '../../../shared/base64.ts';
import { CARD_TEXT_BYTES } from '../../../shared/card-limits.ts';
import { tooLarge } from './json-text.ts';
import { type Chunk, isWhole, makeChunk } from './png-chunks.ts';

/** Unfolds deflated bytes; throws Fault('too-large') beyond the limit and Fault('bad-request') where they are damaged. */
export type Inflate = (bytes: Uint8Array, limitBytes: number) => Uint8Array;

const ASSET = 'chara-ext-asset_:';
const textTypes = new Set(['tEXt', 'zTXt', 'iTXt']);
const KEYWORD_BYTES = 79;

/** Keywords are Latin-1 and end in NUL; those of assets are longer than the PNG specification allows. */
function keywordOf({ data }: Chunk): string {
  const end = data.subarray(0, 1_024).indexOf(0);
  return end < 0 ? '' : String.fromCharCode(...data.subarray(0, end));
}

type CardKeyword = 'chara' | 'ccv3';
const cardKeyword = (chunk: Chunk): CardKeyword | undefined => {
  if (!textTypes.has(chunk.type)) return undefined;
  const keyword = keywordOf(chunk).toLowerCase();
  return keyword.length <= KEYWORD_BYTES && (keyword === 'chara' || keyword === 'ccv3') ? keyword : undefined;
};
const assetPath = (chunk: Chunk): string | undefined => {
  const keyword = chunk.type === 'tEXt' ? keywordOf(chunk) : '';
  return keyword.startsWith(ASSET) ? keyword.slice(ASSET.length) : undefined;
};

/** The value of a text chunk of any of the three kinds. */
function textIn(chunk: Chunk, inflate: Inflate): Uint8Array {
  const start = chunk.data.indexOf(0) + 1;
  if (chunk.type === 'tEXt') return chunk.data.subarray(start);
  if (chunk.type === 'zTXt') return inflate(chunk.data.subarray(start + 1), CARD_TEXT_BYTES);
  const language = chunk.data.indexOf(0, start + 2);
  const translated = language < 0 ? -1 : chunk.data.indexOf(0, language + 1);
  const value = translated < 0 ? new Uint8Array() : chunk.data.subarray(translated + 1);
  return chunk.data[start] === 1 ? inflate(value, CARD_TEXT_BYTES) : value;
}

export type CardTexts = {
  ccv3: Uint8Array | undefined;
  chara: Uint8Array | undefined /** Card texts that could not be used. */;
  damaged: number;
};

/** The first byte that is no white space. */
function firstSign(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length && (bytes[at] ?? 0) <= 32) at += 1;
  return bytes[at];
}

/** JSON in base64, or, as some programs write it, as it stands. */
function jsonOf(value: Uint8Array): Uint8Array | undefined {
  if (value.length > CARD_TEXT_BYTES) throw tooLarge('The words in this picture are longer than any card’s');
  return firstSign(value) === 0x7b ? value : fromBase64(value);
}

/** The first whole text of each of the two keywords. */
export function readCardTexts(chunks: readonly Chunk[], inflate: Inflate): CardTexts {
  const found: CardTexts = { ccv3: undefined, chara: undefined, damaged: 0 };
  for (const chunk of chunks) {
    const keyword = cardKeyword(chunk);
    if (!keyword || found[keyword]) continue;
    const json = isWhole(chunk) ? jsonOf(textIn(chunk, inflate)) : undefined;
    if (json && json.length > 0) found[keyword] = json;
    else found.damaged += 1;
  }
  return found;
}

/** Files that lie beside the card's words (`__asset:path`); the bytes of each, by its path. */
export function readAssets(chunks: readonly Chunk[]): Map<string, Uint8Array> {
  const assets = new Map<string, Uint8Array>();
  for (const chunk of chunks) {
    const path = assetPath(chunk);
    if (path === undefined || assets.has(path)) continue;
    const bytes = fromBase64(chunk.data.subarray(chunk.data.indexOf(0) + 1));
    if (bytes) assets.set(path, bytes);
  }
  return assets;
}

/** The picture alone: without its card and without the card's files. */
export function withoutCard(chunks: readonly Chunk[]): Chunk[] {
  return chunks.filter((chunk) => cardKeyword(chunk) === undefined && assetPath(chunk) === undefined);
}

function textChunk(keyword: string, value: Uint8Array): Chunk {
  const data = new Uint8Array(keyword.length + 1 + value.length);
  for (let index = 0; index < keyword.length; index++) data[index] = keyword.charCodeAt(index) & 0xff;
  data.set(value, keyword.length + 1);
  return makeChunk('tEXt', data);
}

/** The picture with a card in it: both keywords, and the card's files. */
export function withCard(
  chunks: readonly Chunk[],
  card: { ccv3: Uint8Array; chara: Uint8Array; assets: ReadonlyMap<string, Uint8Array> },
): Chunk[] {
  const picture = withoutCard(chunks);
  const end = picture.findIndex(({ type }) => type === 'IEND');
  const texts = [
    ...[...card.assets].map(([path, bytes]) => textChunk(ASSET + path, toBase64(bytes))),
    textChunk('chara', toBase64(card.chara)),
    textChunk('ccv3', toBase64(card.ccv3)),
  ];
  return [...picture.slice(0, end), ...texts, ...picture.slice(end)];
}

/** What a shown picture may consist of; texts, times and everything else a file can hide stay behind. */
const shown = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
export const pictureOnly = (chunks: readonly Chunk[]): Chunk[] => chunks.filter((chunk) => shown.has(chunk.type) && isWhole(chunk));
