/** @file Files that pretend to be cards: lies about lengths, bombs, names that lead elsewhere, nesting without an end. */
import { createArchives } from '../../src/main/adapters/characters/archives.ts';
import { makeChunk, writeChunks } from '../../src/main/engine/cards/png-chunks.ts';
import { toBase64 } from '../../src/shared/base64.ts';
import { bytesOf, cardChunk, charx, picture, pngWith, textChunk, v1, v2, v3Text, zipOf } from './cards.ts';

const MIB = 1024 * 1024;
const archives = createArchives();
const zeros = (bytes: number) => new Uint8Array(bytes);
const joined = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const good = () => pngWith(cardChunk('ccv3', v3Text));
const with4 = (bytes: Uint8Array, at: number, value: number) => {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(at, value);
  return changed;
};
const edited = (change: (bytes: Uint8Array) => Uint8Array) => change(good());
const header = (width: number, height: number) => {
  const data = new Uint8Array(13);
  new DataView(data.buffer).setUint32(0, width);
  new DataView(data.buffer).setUint32(4, height);
  data.set([8, 0], 8);
  return makeChunk('IHDR', data);
};
const [first, data, end] = picture();
if (!first || !data || !end) throw new Error('a picture has three chunks');
const nested = (levels: number, open: string, close: string) => `${open.repeat(levels)}${close.repeat(levels)}`;
const card = (fields: Record<string, unknown>) => bytesOf({ spec: 'chara_card_v3', spec_version: '3.0', data: { name: 'X', ...fields } });
const patched = (bytes: Uint8Array, from: string, to: string) => {
  const text = String.fromCharCode(...bytes);
  return Uint8Array.from(text.replaceAll(from, to), (letter) => letter.charCodeAt(0));
};

/** Each is made when it is needed, so that all of them together take no memory. */
export const hostileCards: readonly { name: string; make: () => Uint8Array }[] = [
  { name: 'nothing', make: () => zeros(0) },
  { name: 'one byte', make: () => zeros(1) },
  { name: 'a signature alone', make: () => good().slice(0, 8) },
  { name: 'a length of 2^31-1', make: () => edited((bytes) => with4(bytes, 33, 0x7fffffff)) },
  { name: 'a length of 2^32-1', make: () => edited((bytes) => with4(bytes, 33, 0xffffffff)) },
  { name: 'a length of 0 on the header', make: () => edited((bytes) => with4(bytes, 8, 0)) },
  { name: 'no end', make: () => edited((bytes) => bytes.slice(0, -12)) },
  { name: 'cut in a chunk', make: () => edited((bytes) => bytes.slice(0, 60)) },
  { name: 'two headers', make: () => writeChunks([first, first, data, end]) },
  { name: 'no header', make: () => writeChunks([data, cardChunk('ccv3', v3Text), end]) },
  { name: 'header last', make: () => writeChunks([data, cardChunk('ccv3', v3Text), first, end]) },
  { name: 'a million empty chunks', make: millionChunks },
  { name: '30,000 by 30,000', make: () => writeChunks([header(30_000, 30_000), cardChunk('ccv3', v3Text), data, end]) },
  { name: '0 by 0', make: () => writeChunks([header(0, 0), cardChunk('ccv3', v3Text), data, end]) },
  { name: '2^32-1 by 2^32-1', make: () => writeChunks([header(0xffffffff, 0xffffffff), cardChunk('ccv3', v3Text), data, end]) },
  { name: 'a wrong sum on the card', make: () => edited((bytes) => with4(bytes, bytes.length - 16, 1)) },
  { name: 'a wrong sum on the header', make: () => edited((bytes) => with4(bytes, 29, 1)) },
  { name: 'a keyword that is NUL', make: () => pngWith(makeChunk('tEXt', zeros(10))) },
  { name: 'a text without a NUL', make: () => pngWith(makeChunk('tEXt', bytesOf('ccv3ccv3'))) },
  { name: 'an empty text', make: () => pngWith(makeChunk('tEXt', zeros(0))) },
  { name: 'a keyword without an end', make: () => pngWith(makeChunk('tEXt', zeros(MIB).fill(65))) },
  { name: 'base64 that is none', make: () => pngWith(textChunk('ccv3', bytesOf('%%%%'))) },
  { name: 'base64 of nothing', make: () => pngWith(textChunk('ccv3', bytesOf('===='))) },
  { name: 'base64 of white space', make: () => pngWith(textChunk('ccv3', zeros(MIB).fill(32))) },
  { name: '7 MiB of base64', make: () => pngWith(textChunk('ccv3', zeros(7 * MIB).fill(65))) },
  { name: 'a zTXt bomb', make: () => pngWith(textChunk('ccv3', archives.deflate(zeros(40 * MIB)), 'zTXt')) },
  { name: 'a zTXt that is damaged', make: () => pngWith(textChunk('ccv3', bytesOf('not deflated'), 'zTXt')) },
  { name: 'a zTXt that is empty', make: () => pngWith(textChunk('ccv3', zeros(0), 'zTXt')) },
  { name: 'an iTXt without its parts', make: () => pngWith(makeChunk('iTXt', bytesOf('ccv3\0\u0001'))) },
  { name: 'a thousand cards', make: () => pngWith(...Array.from({ length: 1_000 }, () => cardChunk('ccv3', v1))) },
  {
    name: 'an asset of nonsense',
    make: () => pngWith(cardChunk('ccv3', v3Text), textChunk('chara-ext-asset_:../../etc/passwd', bytesOf('AAAA'))),
  },
  { name: 'JSON that is cut', make: () => bytesOf(v3Text.slice(0, 200)) },
  { name: 'JSON of depth 100,000 in arrays', make: () => bytesOf(`{"data":${nested(100_000, '[', ']')}}`) },
  { name: 'JSON of depth 100,000 in objects', make: () => bytesOf(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) },
  { name: 'JSON of open brackets', make: () => bytesOf(`{"data":${'['.repeat(MIB)}`) },
  { name: 'JSON of a million values', make: () => bytesOf(`{"data":{"name":"X","tags":[${'0,'.repeat(500_000)}0]}}`) },
  {
    name: 'JSON of a million keys',
    make: () => bytesOf(`{"data":{"name":"X"${Array.from({ length: 200_000 }, (_, index) => `,"k${index}":1`).join('')}}}`),
  },
  { name: '5 MiB of JSON', make: () => card({ description: 'x'.repeat(5 * MIB) }) },
  {
    name: '__proto__ at the top',
    make: () => bytesOf('{"__proto__":{"polluted":1},"name":"X","constructor":{"prototype":{"polluted":1}}}'),
  },
  {
    name: '__proto__ in data',
    make: () =>
      bytesOf('{"spec":"chara_card_v2","data":{"name":"X","__proto__":{"polluted":1},"extensions":{"__proto__":{"polluted":1}}}}'),
  },
  { name: '__proto__ as data', make: () => bytesOf('{"spec":"chara_card_v3","__proto__":{"data":{"name":"X"}}}') },
  {
    name: 'every field of the wrong kind',
    make: () =>
      card({
        name: 7,
        description: [],
        personality: {},
        tags: 'x',
        alternate_greetings: { 0: 'x' },
        character_book: [],
        assets: 'x',
        extensions: null,
        creation_date: '1',
      }),
  },
  { name: 'a name of a megabyte', make: () => card({ name: 'N'.repeat(MIB) }) },
  { name: 'a name of controls', make: () => card({ name: '\u0000\u0007\u202e\n\u200b' }) },
  { name: 'NUL everywhere', make: () => card({ description: '\u0000'.repeat(1_000), first_mes: '\u0000', tags: ['\u0000'] }) },
  { name: 'lone surrogates', make: () => bytesOf('{"name":"\\ud800\\ud800","description":"\\udfff"}') },
  { name: 'UTF-8 that is none', make: () => joined(bytesOf('{"name":"X","description":"'), zeros(1_000).fill(0xff), bytesOf('"}')) },
  { name: 'UTF-16', make: () => joined([0xff, 0xfe], bytesOf('{\0"\0n\0')) },
  {
    name: 'a lorebook of 20,000 entries',
    make: () => card({ character_book: { entries: Array.from({ length: 20_000 }, () => ({ keys: ['a'], content: '@@depth 1\nx' })) } }),
  },
  {
    name: 'a lorebook of decorators alone',
    make: () => card({ character_book: { entries: [{ keys: [], content: '@@depth 4\n'.repeat(50_000) }] } }),
  },
  { name: 'a key of a megabyte', make: () => card({ character_book: { entries: [{ keys: ['k'.repeat(MIB)], content: 'x' }] } }) },
  {
    name: 'numbers beyond any',
    make: () => bytesOf('{"name":"X","character_book":{"scan_depth":1e999,"entries":[{"insertion_order":-1e999,"keys":["a"],"id":{}}]}}'),
  },
  {
    name: 'a zip bomb',
    make: () =>
      archives.pack(
        new Map([
          ['card.json', bytesOf('{}')],
          ['a.json', zeros(60 * MIB)],
        ]),
      ),
  },
  {
    name: 'a zip of 2,001 files',
    make: () => zipOf({ 'card.json': v3Text, ...Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`f${index}`, 'x'])) }),
  },
  {
    name: 'a zip with ways out',
    make: () => zipOf({ 'card.json': v3Text, '../../../evil': 'x', '/etc/evil': 'x', 'C:\\evil': 'x', '..\\evil': 'x' }),
  },
  { name: 'a zip with two cards', make: () => patched(zipOf({ 'card.json': v3Text, 'card.jsoN': v3Text }), 'card.jsoN', 'card.json') },
  { name: 'a zip that is cut', make: () => charx().slice(0, -300) },
  { name: 'a zip that is cut in its data', make: () => charx().slice(0, 200) },
  { name: 'a zip without a card', make: () => zipOf({ 'readme.txt': 'x' }) },
  { name: 'a zip in a zip', make: () => zipOf({ 'card.json': charx() }) },
  {
    name: 'a Backyard archive whose paths lead nowhere',
    make: () => zipOf({ 'manifest.json': { characters: ['../../x', 7], scenarios: [null, '/etc/passwd'] } }),
  },
  {
    name: 'a Backyard archive that names itself',
    make: () =>
      zipOf({ 'manifest.json': { characters: ['manifest.json'], scenarios: Array(5_000).fill('manifest.json'), persona: 'x', name: 'x' } }),
  },
  { name: 'a zip local header alone', make: () => Uint8Array.from([0x50, 0x4b, 3, 4, ...zeros(26)]) },
  { name: 'a program with PK in it a million times', make: () => zeros(MIB).map((_, index) => (index % 2 === 0 ? 0x50 : 0x4b)) },
  { name: 'base64 of base64', make: () => pngWith(textChunk('ccv3', toBase64(toBase64(bytesOf(v2))))) },
];

function millionChunks(): Uint8Array {
  const raw = makeChunk('tEXt', zeros(0)).raw;
  const start = writeChunks([first as NonNullable<typeof first>]);
  const bytes = new Uint8Array(start.length + raw.length * 1_000_000);
  bytes.set(start);
  for (let index = 0; index < 1_000_000; index++) bytes.set(raw, start.length + index * raw.length);
  return bytes;
}
