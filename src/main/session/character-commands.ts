/** @file The session's handlers for companions: looking at cards, keeping, changing and handing them on. */
import { type CardEdit, cardEditSchema } from '../../shared/characters.ts';
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { Fault } from '../../shared/faults.ts';
import type { Engine } from '../engine/contract.ts';

type CharacterCommandType =
  | 'list-characters'
  | 'show-character'
  | 'list-greetings'
  | 'begin-upload'
  | 'send-chunk'
  | 'drop-upload'
  | 'preview-card'
  | 'confirm-import'
  | 'save-character'
  | 'set-avatar'
  | 'duplicate-character'
  | 'delete-character'
  | 'restore-character'
  | 'export-card'
  | 'show-avatar'
  | 'read-download'
  | 'count-tokens';

type CharacterHandlers = { [Type in CharacterCommandType]: (command: Extract<Command, { type: Type }>) => void | Promise<void> };

const utf8 = new TextDecoder();

/** What an editor sent; throws where it is no edit of a card. */
function editIn(bytes: Uint8Array): CardEdit {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const parsed = cardEditSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Fault('bad-request', 'This change of a companion was not understood; nothing was changed.');
}

export function characterHandlers({ library, greetings }: Engine, send: (event: ClientEvent) => void): CharacterHandlers {
  const { transfers } = library;
  const done = (requestId: string) => send({ type: 'command-done', requestId });
  /** The bytes of an upload that is used up with this. */
  const used = (uploadId: string | undefined): Uint8Array | undefined =>
    uploadId === undefined ? undefined : transfers.whole(uploadId).bytes;
  const saved = (
    requestId: string,
    character: Extract<ClientEvent, { type: 'character-saved' }>['character'],
    ...uploads: (string | undefined)[]
  ) => {
    for (const upload of uploads) if (upload !== undefined) transfers.drop(upload);
    send({ type: 'character-saved', requestId, character });
  };
  return {
    'list-characters': ({ requestId }) => send({ type: 'characters-listed', requestId, characters: library.entries() }),
    'show-character': ({ requestId, characterId }) => send({ type: 'character-shown', requestId, ...library.show(characterId) }),
    'list-greetings': async ({ requestId, characterId, conversationId }) => {
      send({ type: 'greetings-listed', requestId, greetings: await greetings(characterId, conversationId) });
    },
    'begin-upload': ({ requestId, name, bytes }) => send({ type: 'upload-begun', requestId, uploadId: transfers.begin(name, bytes) }),
    'send-chunk': ({ requestId, uploadId, offset, data }) => {
      transfers.take(uploadId, offset, data);
      done(requestId);
    },
    'drop-upload': ({ requestId, uploadId }) => {
      transfers.drop(uploadId);
      done(requestId);
    },
    'preview-card': ({ requestId, uploadId }) => {
      const { preview, picture } = library.preview(transfers.whole(uploadId));
      const offered = picture ? { picture: transfers.offer('picture', 'application/octet-stream', picture) } : {};
      send({ type: 'card-previewed', requestId, preview, ...offered });
    },
    'confirm-import': ({ requestId, uploadId, avatarId, accent }) => {
      const character = library.add(transfers.whole(uploadId), { avatar: used(avatarId), accent });
      saved(requestId, character, uploadId, avatarId);
    },
    'save-character': ({ requestId, uploadId, characterId }) => {
      saved(requestId, library.save(characterId, editIn(transfers.whole(uploadId).bytes)), uploadId);
    },
    'set-avatar': ({ requestId, characterId, avatarId }) => saved(requestId, library.setAvatar(characterId, used(avatarId)), avatarId),
    'duplicate-character': ({ requestId, characterId }) => saved(requestId, library.duplicate(characterId)),
    'delete-character': ({ requestId, characterId, everything = false }) => {
      send({ type: 'character-deleted', requestId, characterId, undoUntil: library.remove(characterId, everything) });
    },
    'restore-character': ({ requestId, characterId }) => saved(requestId, library.restore(characterId)),
    'export-card': ({ requestId, characterId, format }) => {
      const { name, mediaType, bytes } = library.export(characterId, format);
      send({ type: 'download-ready', requestId, ...transfers.offer(name, mediaType, bytes) });
    },
    'show-avatar': ({ requestId, characterId }) => {
      send({ type: 'download-ready', requestId, ...transfers.offer('avatar.png', 'image/png', library.avatar(characterId)) });
    },
    'read-download': ({ requestId, downloadId, offset }) => {
      send({ type: 'download-read', requestId, downloadId, offset, data: transfers.read(downloadId, offset) });
    },
    'count-tokens': ({ requestId, texts }) => send({ type: 'tokens-counted', requestId, tokens: library.count(texts) }),
  };
}
