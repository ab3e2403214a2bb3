/** @file Companions over a session: files in pieces, previews, edits, exports, and what is refused. */
import { describe, expect, it } from 'vitest';
import { cardChunk, collection, pngWith, v2, v3Text } from '../../../test/kit/cards.ts';
import { createTestHouse } from '../../../test/kit/house.ts';
import { memoryLibrary } from '../../../test/kit/memory-library.ts';
import { mutate } from '../../../test/kit/mutate.ts';
import { pairWire } from '../../../test/kit/paired-wire.ts';
import { createRandom } from '../../../test/kit/random.ts';
import { base64Bytes, base64Text } from '../../shared/base64.ts';
import { CARD_FILE_BYTES, CHUNK_BYTES, TRANSFER_SILENCE_MS } from '../../shared/card-limits.ts';
import { type Command, commandSchema } from '../../shared/commands.ts';
import { FRAME_BYTES } from '../../shared/limits.ts';
import { makeChunk } from '../engine/cards/png-chunks.ts';
import { createSessions } from './session.ts';

const STRESS = process.env['TEST_LONG'] ? 20_000 : 2_000;

function open() {
  const house = createTestHouse({ library: memoryLibrary });
  const ports = { engine: house.engine, clock: house.clock, log: { debug() {}, info() {}, warn() {}, error() {} } };
  const client = pairWire(createSessions({ ...ports, service: 'persona_engine', version: '0.0.0', userId: 'default' }));
  const ask = (command: Command) => client.session.receive(command);
  /** Sends a file as the window does; answers with its upload id. */
  const send = (bytes: Uint8Array): string => {
    ask({ type: 'begin-upload', requestId: 'b', name: 'x', bytes: bytes.length });
    const uploadId = client.heard('upload-begun').at(-1)?.uploadId ?? '';
    for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
      const command: Command = {
        type: 'send-chunk',
        requestId: 'c',
        uploadId,
        offset,
        data: base64Text(bytes.subarray(offset, offset + CHUNK_BYTES)),
      };
      expect(JSON.stringify(command).length).toBeLessThan(FRAME_BYTES);
      ask(command);
    }
    return uploadId;
  };
  return { ...house, client, ask, send };
}

type Client = ReturnType<typeof pairWire>;

/** Reads an offered file piece by piece. */
function download(client: Client, ask: (command: Command) => void, offered: { downloadId: string; bytes: number }): number[] {
  const bytes: number[] = [];
  while (bytes.length < offered.bytes) {
    ask({ type: 'read-download', requestId: 'd', downloadId: offered.downloadId, offset: bytes.length });
    const piece = base64Bytes(client.heard('download-read').at(-1)?.data ?? '');
    if (!piece || piece.length === 0) throw new Error('a piece is missing');
    for (const byte of piece) bytes.push(byte);
  }
  return bytes;
}

describe('companions over a session', () => {
  it('[KA50] a file comes in pieces, is looked at, added, shown, changed, exported and deleted; every client hears of it', () => {
    const { client, ask, send } = open();
    const padded = pngWith(makeChunk('IDAT', new Uint8Array(3 * CHUNK_BYTES)), cardChunk('ccv3', v3Text));
    for (const { bytes, name } of [...collection, { name: 'large.png', bytes: padded }]) {
      const uploadId = send(bytes);
      ask({ type: 'preview-card', requestId: 'p', uploadId });
      const previewed = client.heard('card-previewed').at(-1);
      expect(previewed?.preview.bytes, name).toBe(bytes.length);
      const picture = previewed?.picture;
      if (picture && (name === 'both.png' || name === 'large.png')) expect(download(client, ask, picture)).toEqual([...bytes]);
    }
    expect(client.heard('characters-changed')).toHaveLength(0);
    ask({ type: 'confirm-import', requestId: 'i', uploadId: send(collection[1]?.bytes ?? new Uint8Array()) });
    const id = client.heard('character-saved').at(-1)?.character.id ?? '';
    expect(
      client
        .heard('characters-changed')
        .at(-1)
        ?.characters.map(({ name }) => name),
    ).toEqual(['Sarah', 'Lark']);
    ask({ type: 'show-character', requestId: 's', characterId: id });
    const shown = client.heard('character-shown').at(-1);
    if (!shown) throw new Error('not shown');
    const edit = {
      text: { ...shown.text, scenario: 'Rain.' },
      accent: { hue: 10, chroma: 0.1 },
      options: { ...shown.character.options, thinking: 'short' },
    };
    ask({ type: 'save-character', requestId: 'e', characterId: id, uploadId: send(new TextEncoder().encode(JSON.stringify(edit))) });
    ask({ type: 'export-card', requestId: 'x', characterId: id, format: 'json' });
    const ready = client.heard('download-ready').at(-1);
    const out = JSON.parse(new TextDecoder().decode(Uint8Array.from(download(client, ask, ready ?? { downloadId: '', bytes: 0 }))));
    expect(out.data).toMatchObject({
      name: 'Lark',
      scenario: 'Rain.',
      unknown_in_data: v2.data.unknown_in_data,
      extensions: { persona_engine: { accent: edit.accent } },
    });
    ask({ type: 'list-characters', requestId: 'l' });
    expect(
      client
        .heard('characters-listed')
        .at(-1)
        ?.characters.map(({ source }) => source),
    ).toEqual(['built-in', 'own']);
    ask({ type: 'delete-character', requestId: 'd', characterId: id });
    ask({ type: 'restore-character', requestId: 'r', characterId: id });
    ask({ type: 'delete-character', requestId: 'no', characterId: 'default' });
    expect(client.heard('command-failed')).toMatchObject([{ requestId: 'no', fault: { code: 'bad-request' } }]);
  });

  it('[KA51] pieces out of order, too many, too late or of nothing are refused, and nothing is added', () => {
    const { client, ask, clock } = open();
    ask({ type: 'begin-upload', requestId: 'b', name: 'x', bytes: 10 });
    const uploadId = client.heard('upload-begun')[0]?.uploadId ?? '';
    const piece = (offset: number, data: string, id = uploadId) => ask({ type: 'send-chunk', requestId: 'c', uploadId: id, offset, data });
    piece(5, 'AAAA');
    piece(0, '%%%%');
    piece(0, '');
    piece(0, base64Text(new Uint8Array(11)));
    piece(0, 'AAAA', 'no-such-upload');
    ask({ type: 'preview-card', requestId: 'p', uploadId });
    ask({ type: 'confirm-import', requestId: 'i', uploadId });
    clock.advance(TRANSFER_SILENCE_MS + 1);
    piece(0, 'AAAA');
    expect(client.heard('command-failed').map(({ fault }) => fault.code)).toEqual([
      ...Array(4).fill('bad-request'),
      'not-found',
      'bad-request',
      'bad-request',
      'not-found',
    ]);
    ask({ type: 'begin-upload', requestId: 'b', name: 'x', bytes: CARD_FILE_BYTES + 1 });
    expect(client.heard('upload-begun')).toHaveLength(1);
    expect(client.heard('characters-changed')).toHaveLength(0);
  });

  it(`[KA52] ${STRESS} mutated commands about companions change nothing`, () => {
    const { client, ask, send, engine } = open();
    ask({ type: 'confirm-import', requestId: 'i', uploadId: send(collection[1]?.bytes ?? new Uint8Array()) });
    const characterId = client.heard('character-saved')[0]?.character.id ?? '';
    const uploadId = send(collection[2]?.bytes ?? new Uint8Array());
    const before = JSON.stringify([engine.characters(), engine.library.show(characterId)]);
    const random = createRandom(17);
    const valid: Command[] = [
      { type: 'confirm-import', requestId: 'r', uploadId },
      { type: 'save-character', requestId: 'r', uploadId, characterId },
      { type: 'delete-character', requestId: 'r', characterId },
      { type: 'duplicate-character', requestId: 'r', characterId },
      { type: 'set-avatar', requestId: 'r', characterId },
      { type: 'begin-upload', requestId: 'r', name: 'x', bytes: 10 },
    ];
    let refused = 0;
    for (let round = 0; round < STRESS; round++) {
      const heard = client.heard('command-failed').length;
      const broken = mutate(random.pick(valid), random);
      // A field that may be left out makes another good command; those are no mutations.
      if (commandSchema.safeParse(broken).success) continue;
      client.session.receive(broken);
      refused += client.heard('command-failed').length - heard;
    }
    console.log(`mutated-card-commands seed=17 rounds=${STRESS} refused=${refused}`);
    expect(refused).toBeGreaterThan(STRESS * 0.8);
    expect(JSON.stringify([engine.characters(), engine.library.show(characterId)])).toBe(before);
  });
});
