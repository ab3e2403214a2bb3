/** @file The library of companions: Sarah, who is always there, and the person's own. */

import { LIBRARY_CHARACTERS, UNDO_CHARACTER_MS } from '../../../shared/card-limits.ts';
import type { Character, CharacterSummary } from '../../../shared/character.ts';
import { Fault } from '../../../shared/faults.ts';
import { createBroadcast } from '../broadcast.ts';
import type { Clock, Ids, Log } from '../ports.ts';
import type { SettingsPort } from '../settings.ts';
import type { Archives } from './archives.ts';
import { checkedAvatar } from './avatar.ts';
import { type CardDocument, emptyDocument } from './document.ts';
import { cardText, withAccent, withEdits } from './edits.ts';
import { notFollowed } from './honour.ts';
import type { Library, Talks } from './library-port.ts';
import { type Costs, characterOf, previewCard } from './preview.ts';
import { plainOptions } from './read-character.ts';
import { accentFor, documentOf, exportRecord, newCharacterId, recordCharacter, sameWords, summaryOf } from './records.ts';
import type { CardRecord, CardShelf } from './shelf.ts';
import { createTransfers } from './transfers.ts';

export type LibraryPorts = {
  shelf: CardShelf;
  archives: Archives;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Sarah's card as it comes with the program. */
  builtIn: CardDocument;
  costs: Costs;
  talks(): Talks[];
  settings: Pick<SettingsPort, 'now'>;
};

const SARAH = 'default';

const missing = (id: string) =>
  new Fault('character-not-found', `There is no character "${id}" here; nothing was written, so choose one that is listed.`);
const full = () =>
  new Fault('too-many-requests', `The library holds ${LIBRARY_CHARACTERS} companions already; nothing was added, so delete one first.`);

export function createLibrary(ports: LibraryPorts): Library {
  const { shelf, archives, clock, ids, log, builtIn, costs, settings } = ports;
  const transfers = createTransfers(ports);
  const heard = createBroadcast<CharacterSummary[]>(log);
  const sarah: CardRecord = {
    id: SARAH,
    document: JSON.stringify(builtIn),
    changed: false,
    accent: characterOf(SARAH, { document: builtIn }).accent,
    options: plainOptions,
    createdAt: 0,
    updatedAt: 0,
  };
  const kept = new Map<string, CardRecord>();
  const characters = new Map<string, Character>();
  /** Stops what would remove a deleted one for good. */
  const hidden = new Map<string, () => void>();

  const take = (record: CardRecord): CharacterSummary => {
    const character = recordCharacter(record);
    if (!character) throw new Fault('bad-request', 'A companion needs a name or a description; nothing was kept, so write one.');
    kept.set(record.id, record);
    characters.set(record.id, character);
    return summaryOf(character, record.avatar, settings.now());
  };
  const load = () => {
    take(sarah);
    for (const record of shelf.all()) {
      try {
        take(record);
      } catch (error) {
        log.warn('character-unreadable', { character: record.id, cause: error });
      }
    }
  };
  const record = (id: string): CardRecord => {
    const found = kept.get(id);
    if (!found) throw missing(id);
    return found;
  };
  const inOrder = (): CardRecord[] =>
    [...kept.values()].sort((one, other) => Number(other.id === SARAH) - Number(one.id === SARAH) || one.createdAt - other.createdAt);
  const summaries = (): CharacterSummary[] =>
    inOrder().flatMap(({ id, avatar }) => {
      const character = characters.get(id);
      return character ? [summaryOf(character, avatar, settings.now())] : [];
    });
  const changed = () => heard.send(summaries());
  /** Kept on disk, then in effect; a record that describes nobody is refused before anything is written. */
  const keep = (next: CardRecord, files?: Parameters<CardShelf['put']>[1]): CharacterSummary => {
    if (!recordCharacter(next))
      throw new Fault('bad-request', 'A companion needs a name or a description; nothing was kept, so write one.');
    shelf.put(next, files);
    const summary = take(next);
    changed();
    return summary;
  };
  const fresh = (name: string, document: CardDocument, text?: string): CardRecord => {
    if (kept.size >= LIBRARY_CHARACTERS) throw full();
    const now = clock.now();
    const id = newCharacterId(name, ids.next());
    return {
      id,
      document: text ?? JSON.stringify(document),
      changed: false,
      accent: accentFor(name),
      options: plainOptions,
      createdAt: now,
      updatedAt: now,
    };
  };
  const avatarOf = (bytes: Uint8Array | undefined) => (bytes ? { avatar: checkedAvatar(bytes), version: ids.next() } : undefined);
  const sourceOf = (id: string) => (id === SARAH ? ('built-in' as const) : ('own' as const));
  const isEdited = (id: string) => id === SARAH && kept.get(id) !== sarah;

  load();
  return {
    transfers,
    find: async (id) => {
      const character = characters.get(id);
      if (!character) throw missing(id);
      return { character, warnings: [] };
    },
    list: summaries,
    entries() {
      const talks = new Map(ports.talks().map((talk) => [talk.characterId, talk]));
      return summaries().map((summary) => {
        const talk = talks.get(summary.id);
        const { tags = [], creator = '' } = characters.get(summary.id) ?? {};
        const last = talk ? { lastTalkedAt: talk.lastTalkedAt } : {};
        return {
          ...summary,
          source: sourceOf(summary.id),
          edited: isEdited(summary.id),
          tags,
          creator,
          conversations: talk?.conversations ?? 0,
          ...last,
        };
      });
    },
    show(id) {
      const found = record(id);
      const document = documentOf(found);
      const character = characters.get(id);
      if (!character) throw missing(id);
      return {
        character,
        text: cardText(document),
        source: sourceOf(id),
        edited: isEdited(id),
        ...(found.avatar === undefined ? {} : { avatar: found.avatar }),
        notFollowed: notFollowed(character, document, 0),
        contextTokens: costs.contextTokens(),
      };
    },
    preview(upload) {
      const { preview, card } = previewCard(upload, { archives, costs });
      const twin = [...kept.values()].find(({ id, format }) => format && sameWords(characters.get(id), preview.character));
      return { preview: twin ? { ...preview, sameAs: twin.id } : preview, picture: card.picture };
    },
    add(upload, { avatar, accent }) {
      const { card } = previewCard(upload, { archives, costs });
      const character = characterOf('new', card);
      const made = fresh(character.name, card.document, card.text);
      const picture = avatarOf(avatar);
      const own = JSON.stringify(card.document).includes('"persona_engine"') ? character.accent : made.accent;
      const next = { ...made, format: card.format, accent: accent ?? own, avatar: picture?.version };
      return keep(next, { original: upload.bytes, ...(picture ? { avatar: picture.avatar } : {}) });
    },
    save(id, { text, accent, options }) {
      const now = clock.now();
      const before = id === undefined ? { ...fresh(text.name, emptyDocument(now)), accent } : record(id);
      const document = documentOf(before);
      const edited = withEdits(document, text, now);
      const coloured = accent.hue === before.accent.hue && accent.chroma === before.accent.chroma ? edited : withAccent(edited, accent);
      const same = coloured === document;
      return keep({
        ...before,
        document: same ? before.document : JSON.stringify(coloured),
        changed: before.changed || !same,
        accent,
        options,
        updatedAt: now,
      });
    },
    setAvatar(id, bytes) {
      const picture = avatarOf(bytes);
      const next = { ...record(id), avatar: picture?.version, ownPicture: true, updatedAt: clock.now() };
      return keep(next, { avatar: picture?.avatar });
    },
    avatar(id) {
      const bytes = record(id).avatar === undefined ? undefined : shelf.file(id, 'avatar');
      if (!bytes) throw new Fault('not-found', 'This companion has no picture of its own.');
      return bytes;
    },
    duplicate(id) {
      const before = record(id);
      const document = documentOf(before);
      const text = cardText(document);
      const name = `${text.name.slice(0, 90)} (copy)`;
      const made = fresh(name, withEdits(document, { ...text, name }, clock.now()));
      const files = { original: shelf.file(id, 'original'), avatar: shelf.file(id, 'avatar') };
      const { format, accent, options, avatar, ownPicture } = before;
      return keep({ ...made, format, changed: true, accent, options, avatar, ownPicture }, files);
    },
    remove(id) {
      if (record(id) === sarah) throw new Fault('bad-request', 'Sarah comes with the program and stays; nothing was changed.');
      shelf.hide(id);
      kept.delete(id);
      characters.delete(id);
      if (id === SARAH) take(sarah);
      hidden.get(id)?.();
      hidden.set(
        id,
        clock.after(UNDO_CHARACTER_MS, () => shelf.remove(id)),
      );
      changed();
      return clock.now() + UNDO_CHARACTER_MS;
    },
    restore(id) {
      const back = shelf.show(id);
      hidden.get(id)?.();
      if (!back) throw missing(id);
      const summary = take(back);
      changed();
      return summary;
    },
    export: (id, format) => exportRecord(record(id), format, ports),
    count: (texts) => texts.map((text) => costs.count(text)),
    onChange: (listener) => heard.add(listener),
    close: () => transfers.close(),
  };
}
