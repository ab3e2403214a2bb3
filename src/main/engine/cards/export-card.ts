/** @file A kept card as a file: PNG with both forms in it, JSON of V3, or CHARX. Unchanged cards leave as they came. */
import { base64Text } from '../../../shared/base64.ts';
import type { ExportFormat } from '../../../shared/characters.ts';
import type { Archives } from './archives.ts';
import { asV2 } from './backfill.ts';
import { assetsOf, type CardDocument, complete, dataOf, embeddedPath, mainIconAt, withAddresses } from './document.ts';
import type { CardFormat } from './import-card.ts';
import { listOf } from './loose.ts';
import { isPng, readChunks, writeChunks } from './png-chunks.ts';
import { readCardTexts, withCard, withoutCard } from './png-texts.ts';

export type KeptCard = {
  document: CardDocument;
  /** The JSON as it came, while nothing was changed. */
  text: string | undefined;
  /** The whole file as it came, and its format. */
  original: { bytes: Uint8Array; format: CardFormat } | undefined;
  /** Whether the person changed anything in it. */
  changed: boolean;
  /** Files beside the card, by path; and its picture. */
  assets: ReadonlyMap<string, Uint8Array>;
  picture: Uint8Array | undefined;
  /** Whether the person put it there in place of the card's own. */
  ownPicture?: boolean;
  /** A picture where the card has none of its own, as PNG. */
  drawn: () => Uint8Array;
};

const utf8 = new TextEncoder();
const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  apng: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
};

export const exportTypes: Readonly<Record<ExportFormat, { ending: string; mediaType: string }>> = {
  png: { ending: 'png', mediaType: 'image/png' },
  json: { ending: 'json', mediaType: 'application/json' },
  charx: { ending: 'charx', mediaType: 'application/zip' },
};

const jsonText = (card: KeptCard, document: CardDocument): Uint8Array =>
  utf8.encode(card.text !== undefined && document === card.document ? card.text : JSON.stringify(complete(document), null, 2));

const endingOf = (path: string) => path.slice(path.lastIndexOf('.') + 1).toLowerCase();

/** The card's own address for its picture goes, where the picture is in the file itself. */
function inPng(card: KeptCard): CardDocument {
  return withAddresses(card.document, (uri) => {
    const path = embeddedPath(uri);
    if (path === undefined || !card.assets.has(path) || card.original?.format === 'png') return uri;
    return card.assets.get(path) === card.picture ? 'ccdefault:' : `__asset:${path}`;
  });
}

function asPng(card: KeptCard, archives: Archives): Uint8Array {
  const own = card.picture && isPng(card.picture) ? card.picture : undefined;
  const chunks = readChunks(own ?? card.drawn());
  const document = inPng(card);
  const before = own && !card.changed ? readCardTexts(chunks, archives.inflate).chara : undefined;
  const chara = before ?? utf8.encode(JSON.stringify(asV2(document)));
  const assets = new Map([...card.assets].filter(([, bytes]) => bytes !== card.picture));
  return writeChunks(withCard(chunks, { ccv3: jsonText(card, document), chara, assets }));
}

/** What came embedded goes along as data addresses, which V3 knows; so does a picture that the person chose. */
function asJson(card: KeptCard): Uint8Array {
  const shown = card.ownPicture && card.picture ? `data:image/png;base64,${base64Text(card.picture)}` : undefined;
  const document = withAddresses(card.document, (uri) => {
    if (uri === 'ccdefault:') return shown ?? uri;
    const path = embeddedPath(uri);
    const bytes = path === undefined ? undefined : card.assets.get(path);
    return bytes && path ? `data:${mediaTypes[endingOf(path)] ?? 'application/octet-stream'};base64,${base64Text(bytes)}` : uri;
  });
  return jsonText(card, document);
}

const ICON = 'assets/icon/images/main.png';

/** In CHARX the picture is a file like the others, and the icon called main points to it. */
function inCharx(card: KeptCard): { document: CardDocument; icon: Uint8Array | undefined } {
  const moved = withAddresses(card.document, (uri) => {
    const path = embeddedPath(uri);
    return path !== undefined && uri.startsWith('__asset:') && card.assets.has(path) ? `embeded://${path}` : uri;
  });
  const assets = assetsOf(moved);
  const { uri = '' } = assets[mainIconAt(assets)] ?? {};
  if (card.assets.has(embeddedPath(uri) ?? '') || uri.startsWith('data:')) return { document: moved, icon: undefined };
  const picture = card.picture ?? card.drawn();
  const icon = isPng(picture) ? writeChunks(withoutCard(readChunks(picture))) : picture;
  if (uri === 'ccdefault:') return { document: withAddresses(moved, (each) => (each === uri ? `embeded://${ICON}` : each)), icon };
  const data = dataOf(moved);
  const main = { type: 'icon', uri: `embeded://${ICON}`, name: assets.some(isMain) ? 'picture' : 'main', ext: 'png' };
  return { document: { ...moved, data: { ...data, assets: [...(listOf(data['assets']) as []), main] } }, icon };
}

const isMain = ({ type, name }: { type: string; name: string }) => type === 'icon' && name === 'main';

function asCharx(card: KeptCard, archives: Archives): Uint8Array {
  const isSame = card.original?.format === 'charx' && !card.ownPicture;
  const { document, icon } = isSame ? { document: card.document, icon: undefined } : inCharx(card);
  const files = new Map<string, Uint8Array>([['card.json', jsonText(card, document)], ...card.assets]);
  if (icon) files.set(ICON, icon);
  return archives.pack(files);
}

/** The bytes of the file. A card that nobody changed leaves in its own format byte for byte as it came. */
export function exportCard(card: KeptCard, format: ExportFormat, archives: Archives): Uint8Array {
  const { original } = card;
  const isV3 = card.text !== undefined;
  if (!card.changed && isV3 && original?.format === format && (format !== 'png' || hasBoth(original.bytes, archives)))
    return original.bytes;
  if (format === 'png') return asPng(card, archives);
  return format === 'json' ? asJson(card) : asCharx(card, archives);
}

/** Both forms are in it already. */
function hasBoth(bytes: Uint8Array, archives: Archives): boolean {
  const texts = readCardTexts(readChunks(bytes), archives.inflate);
  return texts.ccv3 !== undefined && texts.chara !== undefined;
}
