/** @file Companions: looking at cards, adding, writing, changing, handing on and deleting them. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { UNDO_CHARACTER_MS } from '../../shared/card-limits.ts';
import type { CardEdit, CardPreview, ExportFormat, LibraryEntry } from '../../shared/characters.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { WireFault } from '../../shared/faults.ts';
import type { Answer } from '../client.ts';
import { redraw } from '../companions/redraw.ts';
import { complain, type Ground, offerUndo } from './ground.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { download, faultOf, upload } from './transfer.ts';

export type Importing =
  | { step: 'reading'; name: string; part: number }
  | { step: 'refused'; name: string; fault: WireFault }
  | { step: 'preview'; uploadId: string; preview: CardPreview; picture: Blob | undefined; address: string | undefined; adding: boolean };

export type ShownCompanion = Extract<ClientEvent, { type: 'character-shown' }>;

/** A file that may be a card. */
export type CardFile = { file: Blob; name: string };

export type CardsState = {
  importing: Importing | null;
  /** How many files wait to be looked at after this one. */
  waiting: number;
  /** What the editor is open for; `id` is absent for a new companion. */
  editing: { id?: string } | null;
  /** A companion that is to be deleted, and how much is remembered by it: asked about before it goes. */
  deleting: { entry: LibraryEntry; learnt: number } | null;
};

export type Cards = {
  api: StoreApi<CardsState>;
  pictures: Pictures;
  load(): void;
  /** Reads files and shows what is in the first; the others follow when it is added or put away. Nothing is added. */
  look(files: readonly CardFile[]): void;
  confirm(): void;
  /** Puts the preview away; the next file is looked at. */
  cancel(): void;
  /** Puts the preview away, and the files that wait with it. */
  cancelAll(): void;
  edit(id?: string): void;
  closeEditor(): void;
  show(id: string): Promise<ShownCompanion | undefined>;
  /** Answers the id of what is kept; undefined where nothing is. */
  save(id: string | undefined, edit: CardEdit, picture: Blob | null | undefined): Promise<string | undefined>;
  count(texts: string[]): Promise<number[] | undefined>;
  duplicate(id: string): Promise<void>;
  /** Asks first what becomes of its conversations and memories, where there are any and nothing is said about that. */
  remove(entry: LibraryEntry, everything?: boolean): Promise<void>;
  /** Puts that question away; nothing was deleted. */
  stay(): void;
  exportAs(id: string, format: ExportFormat): Promise<void>;
};

/** Hands a file to the person: the browser's own way, or the window's save dialog. */
function handOver(name: string, mediaType: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export function createCards(ground: Ground): Cards {
  const { client, notices } = ground;
  const api = createStore<CardsState>(() => ({ importing: null, waiting: 0, editing: null, deleting: null }));
  const importing = (next: Importing | null) => api.setState({ importing: next });
  let looked = 0;
  let queue: readonly CardFile[] = [];

  const load = async () => {
    const answer = await client.ask({ type: 'list-characters' });
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
  };
  const forget = () => {
    const before = api.getState().importing;
    looked += 1;
    if (before?.step === 'preview') {
      void client.ask({ type: 'drop-upload', uploadId: before.uploadId });
      if (before.address) URL.revokeObjectURL(before.address);
    }
    importing(null);
  };
  const queued = (files: readonly CardFile[]) => {
    queue = files;
    api.setState({ waiting: files.length });
  };
  const next = () => {
    const [first, ...rest] = queue;
    queued(rest);
    if (first) void look(first);
  };
  const look = async ({ file, name }: CardFile) => {
    const mine = looked;
    const stale = () => mine !== looked;
    const refuse = (fault: WireFault) => !stale() && importing({ step: 'refused', name, fault });
    importing({ step: 'reading', name, part: 0 });
    const sent = await upload(client, name, file, (part) => !stale() && importing({ step: 'reading', name, part }));
    if (!('value' in sent)) return refuse(sent.fault);
    const answer = await client.ask({ type: 'preview-card', uploadId: sent.value });
    if (answer.type !== 'card-previewed') return refuse(faultOf(answer));
    const offered = answer.picture && (await download(client, answer.picture));
    const picture = offered && 'value' in offered ? await redraw(new Blob([offered.value])) : undefined;
    if (stale()) return;
    const address = picture && URL.createObjectURL(picture);
    importing({ step: 'preview', uploadId: sent.value, preview: answer.preview, picture, address, adding: false });
  };
  const confirm = async () => {
    const shown = api.getState().importing;
    if (shown?.step !== 'preview' || shown.adding) return;
    importing({ ...shown, adding: true });
    const avatar = shown.picture && (await upload(client, 'avatar.png', shown.picture));
    const avatarId = avatar && 'value' in avatar ? { avatarId: avatar.value } : {};
    const answer = await client.ask({ type: 'confirm-import', uploadId: shown.uploadId, ...avatarId });
    if (answer.type !== 'character-saved') {
      complain(ground, faultOf(answer).message);
      return importing({ ...shown, adding: false });
    }
    forget();
    notices.show({ text: `${answer.character.name} is here.`, kind: 'done' });
    next();
    await load();
  };
  const putPicture = async (id: string, picture: Blob | null | undefined) => {
    if (picture === undefined) return;
    const sent = picture && (await upload(client, 'avatar.png', picture));
    const avatarId = sent && 'value' in sent ? { avatarId: sent.value } : {};
    const answer = await client.ask({ type: 'set-avatar', characterId: id, ...avatarId });
    if (answer.type !== 'character-saved') complain(ground, faultOf(answer).message);
  };
  const save: Cards['save'] = async (id, edit, picture) => {
    const sent = await upload(client, 'edit.json', new Blob([JSON.stringify(edit)]));
    const of = id === undefined ? {} : { characterId: id };
    const answer: Answer =
      'value' in sent
        ? await client.ask({ type: 'save-character', uploadId: sent.value, ...of })
        : { type: 'command-failed', fault: sent.fault };
    if (answer.type !== 'character-saved') {
      complain(ground, faultOf(answer).message);
      return undefined;
    }
    await putPicture(answer.character.id, picture);
    await load();
    return answer.character.id;
  };
  const learntBy = async (characterId: string): Promise<number> => {
    const answer = await client.ask({ type: 'list-memories', filter: { characterId, superseded: true } });
    return answer.type === 'memories-listed' ? answer.found : 0;
  };
  const restore = async (id: string) => {
    const answer = await client.ask({ type: 'restore-character', characterId: id });
    if (answer.type !== 'character-saved') complain(ground, faultOf(answer).message);
    await load();
  };

  return {
    api,
    pictures: createPictures(ground),
    load: () => void load(),
    look(files) {
      forget();
      queued(files);
      next();
    },
    confirm: () => void confirm(),
    cancel() {
      forget();
      next();
    },
    cancelAll() {
      queued([]);
      forget();
    },
    edit: (id) => api.setState({ editing: id === undefined ? {} : { id } }),
    closeEditor: () => api.setState({ editing: null }),
    async show(id) {
      const answer = await client.ask({ type: 'show-character', characterId: id });
      if (answer.type === 'character-shown') return answer;
      complain(ground, faultOf(answer).message);
      return undefined;
    },
    save,
    async count(texts) {
      const answer = await client.ask({ type: 'count-tokens', texts: texts.map((text) => text.slice(0, 200_000)) });
      return answer.type === 'tokens-counted' ? answer.tokens : undefined;
    },
    duplicate: async (id) => {
      const answer = await client.ask({ type: 'duplicate-character', characterId: id });
      if (answer.type === 'character-saved') notices.show({ text: `${answer.character.name} is here.`, kind: 'done' });
      else complain(ground, faultOf(answer).message);
      await load();
    },
    stay: () => api.setState({ deleting: null }),
    remove: async (entry, everything) => {
      const { id, name, conversations, source } = entry;
      const learnt = everything === undefined && source === 'own' ? await learntBy(id) : 0;
      if (everything === undefined && source === 'own' && conversations + learnt > 0) return api.setState({ deleting: { entry, learnt } });
      api.setState({ deleting: null });
      const answer = await client.ask({ type: 'delete-character', characterId: id, ...(everything ? { everything } : {}) });
      if (answer.type !== 'character-deleted') return complain(ground, faultOf(answer).message);
      const gone = everything ? 'is deleted, with the conversations and memories.' : 'is deleted.';
      const text = source === 'built-in' ? `${name} is as she came.` : `${name} ${gone}`;
      offerUndo(ground, text, () => void restore(id), UNDO_CHARACTER_MS);
      await load();
    },
    exportAs: async (id, format) => {
      const answer = await client.ask({ type: 'export-card', characterId: id, format });
      const carried = answer.type === 'download-ready' ? await download(client, answer) : { fault: faultOf(answer) };
      if (answer.type === 'download-ready' && 'value' in carried) handOver(answer.name, answer.mediaType, carried.value);
      else if ('fault' in carried) complain(ground, carried.fault.message);
    },
  };
}
