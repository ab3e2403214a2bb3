/** @file Companions on a real disk. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, collection, v3Text } from '../../../../test/kit/cards.ts';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { createFixedSettings } from '../../../../test/kit/fixed-settings.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { UNDO_CHARACTER_MS } from '../../../shared/card-limits.ts';
import { drawnPicture } from '../../engine/cards/avatar.ts';
import { createIds } from '../log/system-clock.ts';
import { createArchives } from './archives.ts';
import { openLibrary } from './open-library.ts';

describe('companions on disk', () => {
  let folder = '';
  let made = 0;
  const clock = createFakeClock();
  const open = () =>
    openLibrary({
      folder,
      clock,
      ids: { ...createIds(), next: () => `id-${String(++made).padStart(6, '0')}` },
      log: silentLog,
      costs: { count: (text) => text.length, contextTokens: () => 8_192 },
      talks: () => [],
      settings: createFixedSettings(),
    });
  const nobody = { avatar: undefined, accent: undefined };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'persona-cards-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('[KA40] are there again after a start, whole, for their owner alone', () => {
    const avatar = drawnPicture(20, createArchives());
    const before = open();
    const ids = collection.map(({ name, bytes }) => before.add({ name, bytes }, { avatar, accent: undefined }).id);
    const told = ids.map((id) => JSON.stringify(before.show(id)));
    const after = open();
    expect(
      after
        .list()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['default', ...ids].toSorted());
    expect(after.list()[0]?.id).toBe('default');
    expect(ids.map((id) => JSON.stringify(after.show(id)))).toEqual(told);
    expect([...after.export(ids[6] ?? '', 'png').bytes]).toEqual([...(collection[6]?.bytes ?? [])]);
    for (const id of ids) {
      const own = join(folder, 'characters', id);
      expect(statSync(own).mode & 0o777).toBe(0o700);
      expect(readdirSync(own).toSorted()).toEqual(['avatar.png', 'card.json', 'original']);
      for (const file of readdirSync(own)) expect(statSync(join(own, file)).mode & 0o777, file).toBe(0o600);
    }
  });

  it('[KA41] that are deleted come back within the time, and are gone from the disk after it and after a start', () => {
    const library = open();
    const { id } = library.add({ name: 'x', bytes: bytesOf(v3Text) }, nobody);
    library.remove(id);
    expect(library.list().map(({ name }) => name)).toEqual(['Sarah']);
    expect(library.restore(id).name).toBe('Nyx');
    expect(library.remove(id)).toBe(clock.now() + UNDO_CHARACTER_MS);
    clock.advance(UNDO_CHARACTER_MS + 1);
    expect(() => library.restore(id)).toThrow(/no character/);
    expect(readdirSync(join(folder, 'characters', '.deleted'))).toEqual([]);
    library.remove(library.add({ name: 'x', bytes: bytesOf(v3Text) }, nobody).id);
    open();
    expect(existsSync(join(folder, 'characters', '.deleted'))).toBe(false);
  });

  it('[KA42] Sarah can be changed and put back, and is never gone', () => {
    const library = open();
    const { text, character } = library.show('default');
    library.save('default', { text: { ...text, personality: 'Chatty.' }, accent: character.accent, options: character.options });
    expect(open().show('default')).toMatchObject({ edited: true, character: { personality: 'Chatty.' } });
    library.remove('default');
    expect(library.show('default')).toMatchObject({ edited: false, character: { personality: character.personality } });
    expect(() => library.remove('default')).toThrow(/stays/);
    library.restore('default');
    expect(library.show('default').character.personality).toBe('Chatty.');
  });

  it('[KA43] a damaged record costs itself alone, and a disk that refuses costs nothing that was there', () => {
    const library = open();
    const { id } = library.add({ name: 'x', bytes: bytesOf(v3Text) }, nobody);
    const other = library.duplicate(id);
    writeFileSync(join(folder, 'characters', other.id, 'card.json'), '{"version":1');
    expect(
      open()
        .list()
        .map((character) => character.id),
    ).toEqual(['default', id]);
    const own = join(folder, 'characters', id);
    // Where a folder lies no file can be written, whoever asks.
    mkdirSync(join(own, 'card.json.part'));
    const { text, character } = library.show(id);
    const edit = { text: { ...text, scenario: 'New.' }, accent: character.accent, options: character.options };
    expect(() => library.save(id, edit)).toThrow(/nothing else was changed/);
    expect(library.show(id).character.scenario).toBe('');
    rmdirSync(join(own, 'card.json.part'));
    library.save(id, edit);
    expect(open().show(id).character.scenario).toBe('New.');
  });
});
