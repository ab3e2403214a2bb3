/** @file Cards go in and come out again, in every format and from every format to every other one. */
import { describe, expect, it } from 'vitest';
import { createArchives } from '../../src/main/adapters/characters/archives.ts';
import { drawnPicture } from '../../src/main/engine/cards/avatar.ts';
import { readCard } from '../../src/main/engine/cards/import-card.ts';
import type { Library } from '../../src/main/engine/cards/library-port.ts';
import { isWhole, readChunks } from '../../src/main/engine/cards/png-chunks.ts';
import { readCardTexts, withoutCard } from '../../src/main/engine/cards/png-texts.ts';
import { characterSchema } from '../../src/shared/character.ts';
import { cardPreviewSchema, exportFormats } from '../../src/shared/characters.ts';
import { bytesOf, collection, pngWith, v2, v3Text } from '../kit/cards.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { memoryLibrary } from '../kit/memory-library.ts';

const archives = createArchives();
const plain = (bytes: Uint8Array) => [...bytes];
const card = (name: string) => {
  const found = collection.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

function imported(name: string): { library: Library; id: string } {
  const library = memoryLibrary(createFakeClock());
  const { id } = library.add({ name, bytes: card(name).bytes }, { avatar: undefined, accent: undefined });
  return { library, id };
}

/** What must be the same after any journey: everything but the addresses of the files beside it. */
function essence(bytes: Uint8Array) {
  const { document, assets, picture } = readCard(bytes, archives);
  const { assets: _, modification_date: __, ...data } = document['data'] as Record<string, unknown>;
  const { data: ___, ...top } = document;
  const files = [...assets.values()].filter((file) => file !== picture).map(plain);
  return { top, data, files };
}

describe('cards made for the tests', () => {
  it(`[KA4] are read as what they are, all ${collection.length} of them`, () => {
    for (const { name, bytes, format } of collection) {
      const library = memoryLibrary(createFakeClock());
      const { preview } = library.preview({ name, bytes });
      expect(cardPreviewSchema.parse(preview), name).toEqual(preview);
      expect(preview.format, name).toBe(format);
      expect(characterSchema.parse(preview.character).name, name).toBe(
        { json: '', png: '', charx: 'Nyx', byaf: 'Old Brann' }[format] || preview.character.name,
      );
      expect(library.list(), name).toHaveLength(1);
    }
  });

  it('[KA5] leave in their own format as they came, byte for byte', () => {
    for (const name of ['v3.json', 'both.png', 'animated-both.png', 'card.charx', 'with-prefix.charx']) {
      const { library, id } = imported(name);
      const { format, bytes } = card(name);
      expect(plain(library.export(id, format as 'png').bytes), name).toEqual(plain(bytes));
    }
  });

  it('[KA5] of V2 in a picture keep its very text beside the V3 form, and the picture’s own chunks', () => {
    for (const name of ['v2.png', 'deflated.png']) {
      const { library, id } = imported(name);
      const out = readChunks(library.export(id, 'png').bytes);
      const texts = readCardTexts(out, archives.inflate);
      expect(new TextDecoder().decode(texts.chara), name).toBe(JSON.stringify(v2));
      expect(JSON.parse(new TextDecoder().decode(texts.ccv3)), name).toMatchObject({ spec: 'chara_card_v3', data: v2.data });
      const own = (chunks: ReturnType<typeof readChunks>) => withoutCard(chunks).map(({ raw }) => plain(raw));
      expect(own(out), name).toEqual(own(readChunks(card(name).bytes)));
    }
  });

  it('[KA6] keep unknown fields, extensions, decorators and files from every format to every format, twice', () => {
    let journeys = 0;
    for (const { name, bytes } of collection) {
      const first = essence(bytes);
      for (const one of exportFormats) {
        for (const other of exportFormats) {
          const { library, id } = imported(name);
          const once = library.export(id, one).bytes;
          const again = memoryLibrary(createFakeClock());
          const second = again.add({ name: `x.${one}`, bytes: once }, { avatar: undefined, accent: undefined });
          const twice = essence(again.export(second.id, other).bytes);
          expect(twice.data, `${name} → ${one} → ${other}`).toEqual(first.data);
          expect(twice.top, `${name} → ${one} → ${other}`).toEqual(first.top);
          if (one !== 'json' && other !== 'json')
            expect(twice.files, `${name} → ${one} → ${other}`).toEqual(expect.arrayContaining(first.files));
          journeys += 1;
        }
      }
    }
    console.log(`card-journeys cards=${collection.length} journeys=${journeys}`);
    expect(journeys).toBe(collection.length * 9);
  });

  it('[KA7] keep the very text of a V3 card, its own picture and both forms in PNG', () => {
    for (const name of ['v3.png', 'animated.png', 'international.png']) {
      const { library, id } = imported(name);
      const out = readChunks(library.export(id, 'png').bytes);
      const texts = readCardTexts(out, archives.inflate);
      expect(new TextDecoder().decode(texts.ccv3), name).toBe(v3Text);
      expect(JSON.parse(new TextDecoder().decode(texts.chara)), name).toMatchObject({ spec: 'chara_card_v2', data: { name: 'Nyx' } });
      expect(out.every(isWhole), name).toBe(true);
      const before = withoutCard(readChunks(card(name).bytes)).map(({ raw }) => plain(raw));
      expect(
        withoutCard(out).map(({ raw }) => plain(raw)),
        name,
      ).toEqual(before);
    }
    const json = imported('v3.png');
    expect(new TextDecoder().decode(json.library.export(json.id, 'json').bytes)).toMatch(/"__proto__": \{\s+"polluted": true/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('[KA8] change what a person changed and nothing else', () => {
    const { library, id } = imported('v2.json');
    const { text, character } = library.show(id);
    const edit = { ...text, description: 'She walks fast.', lore: text.lore.map((entry) => ({ ...entry, keys: [...entry.keys, 'seal'] })) };
    library.save(id, { text: edit, accent: character.accent, options: character.options });
    const { data, ...rest } = JSON.parse(new TextDecoder().decode(library.export(id, 'json').bytes));
    const [entry] = v2.data.character_book.entries;
    const book = { ...v2.data.character_book, entries: [{ ...entry, keys: ['lower town', 'Bellhouse', 'seal'] }] };
    const { modification_date, group_only_greetings, ...others } = data;
    expect(others).toEqual({ ...v2.data, description: 'She walks fast.', character_book: book });
    expect([typeof modification_date, group_only_greetings]).toEqual(['number', []]);
    expect(rest).toEqual({ spec: 'chara_card_v3', spec_version: '3.0', unknown_at_top: { kept: true } });
  });

  it('[KA9] say what is not followed, in words', () => {
    const { preview } = memoryLibrary(createFakeClock()).preview({ name: 'x', bytes: bytesOf(v3Text) });
    expect(preview.notFollowed).toEqual([
      '1 decorator in the lorebook: @@unknown_one. They are of other programs.',
      '1 file points to a web address. Nothing is fetched.',
      '1 further picture or file, such as moods and backgrounds. Only the main picture is shown.',
      '1 greeting for groups. Conversations here are between two.',
    ]);
    const second = memoryLibrary(createFakeClock()).preview({ name: 'x', bytes: bytesOf(v2) });
    expect(second.preview.notFollowed).toContain('A script in “extensions”. Cards cannot run code.');
  });

  it('[KA11] Backyard archives give up who wrote them, both names, and every picture', () => {
    const { character, files, notFollowed } = memoryLibrary(createFakeClock()).preview({
      name: 'x',
      bytes: card('brann.byaf').bytes,
    }).preview;
    expect([character.name, character.nickname, character.creator, character.creatorNotes]).toEqual([
      'Old Brann',
      'brann',
      'brann',
      'https://backyard.ai/hub/user/brann',
    ]);
    expect(files).toBe(3);
    expect(notFollowed.join()).toContain('2 further pictures or files');
    const { library, id } = imported('brann.byaf');
    const read = readCard(library.export(id, 'charx').bytes, archives);
    expect([...read.assets.keys()].toSorted()).toEqual([
      'assets/background/images/main.webp',
      'assets/icon/images/1.png',
      'assets/icon/images/main.jpg',
    ]);
    expect(read.picture && plain(read.picture)).toEqual(plain(read.assets.get('assets/icon/images/main.jpg') ?? new Uint8Array()));
  });

  it('[KA12] a picture that was chosen here is the one that leaves, from every format to every other one', () => {
    const chosen = drawnPicture(200, archives);
    const pixels = (bytes: Uint8Array) => readChunks(bytes).flatMap(({ type, raw }) => (type === 'IDAT' ? plain(raw) : []));
    for (const { name, bytes } of collection) {
      for (const format of exportFormats) {
        const { library, id } = imported(name);
        const before = essence(bytes);
        library.setAvatar(id, chosen);
        const out = readCard(library.export(id, format).bytes, archives);
        expect(out.picture && pixels(out.picture), `${name} → ${format}`).toEqual(pixels(chosen));
        expect(essence(library.export(id, format).bytes).data, `${name} → ${format}`).toEqual(before.data);
        const again = memoryLibrary(createFakeClock());
        again.add({ name: 'x', bytes: library.export(id, format).bytes }, { avatar: undefined, accent: undefined });
        expect(library.export(library.duplicate(id).id, format).bytes.length).toBeGreaterThan(chosen.length);
      }
    }
  });

  it('[KA12] a picture in the words of a JSON card is shown like any other', () => {
    const { library, id } = imported('card.charx');
    const json = library.export(id, 'json').bytes;
    const { picture } = memoryLibrary(createFakeClock()).preview({ name: 'x.json', bytes: json });
    expect(picture && plain(picture)).toEqual(plain(pngWith()));
  });

  it('[KA10] a shown picture holds pixels alone', () => {
    const { library, id } = imported('v2.json');
    const avatar = pngWith(...readChunks(card('both.png').bytes).filter(({ type }) => type === 'tEXt'));
    library.setAvatar(id, avatar);
    expect(readChunks(library.avatar(id)).map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect(() => library.setAvatar(id, bytesOf('no picture'))).toThrow(/cannot be used/);
  });
});
