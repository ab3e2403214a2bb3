/** @file The commands about Ollama itself, over paired wires and a runtime that is set by hand. */
import { describe, expect, it } from 'vitest';
import { createFakeRuntime } from '../../../test/kit/fake-runtime.ts';
import { createTestHouse } from '../../../test/kit/house.ts';
import { pairWire } from '../../../test/kit/paired-wire.ts';
import type { Command } from '../../shared/commands.ts';
import { Fault } from '../../shared/faults.ts';
import type { RuntimeStatus } from '../../shared/runtime.ts';
import { createSessions } from './session.ts';

const offered: RuntimeStatus = {
  install: {
    state: 'offered',
    reason: 'There is no Ollama on this machine yet.',
    offer: {
      version: '0.32.15',
      file: 'ollama-linux-amd64.tar.zst',
      address: 'https://github.com/ollama/ollama/releases',
      bytes: 1_422_416_084,
      unpackedBytes: 500_000_000,
      hash: { from: 'pinned', words: 'Its SHA-256 came with this program.' },
      folder: '~/.local/share/persona-engine/ollama',
      graphics: ['cuda', 'rocm'],
    },
  },
  models: { folder: '~/.local/share/persona-engine/model-server/models', shared: false, theirs: { folder: '~/.ollama/models', models: 3 } },
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

function open() {
  const runtime = createFakeRuntime(offered);
  const { engine, clock } = createTestHouse({ runtime });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const openSession = createSessions({ engine, clock, log, service: 'persona_engine', version: '0.0.0', userId: 'default' });
  return { engine, runtime, openSession };
}

describe('the commands about Ollama itself', () => {
  it('[U40] hand each command on, and answer each', async () => {
    const { runtime, openSession } = open();
    const client = pairWire(openSession);
    const commands: Command[] = [
      { type: 'show-runtime', requestId: 'r1' },
      { type: 'look-up-runtime', requestId: 'r2' },
      { type: 'install-runtime', requestId: 'r3' },
      { type: 'install-runtime', requestId: 'r4', graphics: ['cuda', 'rocm'], thenModel: true },
      { type: 'pause-runtime', requestId: 'r5' },
      { type: 'cancel-runtime', requestId: 'r6' },
      { type: 'share-models', requestId: 'r7', share: true },
      { type: 'share-models', requestId: 'r8', share: false },
      { type: 'stop-server', requestId: 'r9' },
      { type: 'start-server', requestId: 'r10' },
      { type: 'read-runtime-log', requestId: 'r11' },
    ];
    for (const command of commands) client.session.receive(command);
    await settle();
    expect(runtime.asked).toEqual([
      'look up',
      'install',
      'install cuda rocm and the model',
      'pause',
      'cancel',
      'share',
      'stop sharing',
      'stop server',
      'start server',
    ]);
    const answered = client.events.flatMap((event) => ('requestId' in event && event.requestId ? [event.requestId] : []));
    expect(answered.toSorted()).toEqual(commands.map(({ requestId }) => requestId).toSorted());
    expect(client.heard('runtime-shown')[0]).toMatchObject({
      runtime: offered,
      licences: [{ of: 'Ollama', name: 'MIT' }, { of: 'llama.cpp' }],
    });
    expect(client.heard('runtime-log-read')[0]?.lines).toEqual(['Listening on 127.0.0.1:40001 (version 0.32.15)']);
  });

  it('[U40] every client hears a change, whoever began it; one that closed hears none', () => {
    const { runtime, openSession } = open();
    const first = pairWire(openSession);
    const second = pairWire(openSession);
    const paused: RuntimeStatus = {
      install: { state: 'paused', reason: 'The download is paused.', progress: { doneBytes: 5, totalBytes: 10 } },
    };
    runtime.become(paused);
    second.session.close();
    runtime.become(offered);
    expect(first.heard('runtime-changed').map(({ runtime: heard }) => heard)).toEqual([paused, offered]);
    expect(second.heard('runtime-changed').map(({ runtime: heard }) => heard)).toEqual([paused]);
  });

  it('[U40] what cannot be done is answered with its reason', async () => {
    const { runtime, openSession } = open();
    runtime.refuseWith = new Fault('bad-request', 'No models of yours were found to share; nothing was changed.');
    const client = pairWire(openSession);
    client.session.receive({ type: 'share-models', requestId: 'r1', share: true });
    await settle();
    expect(client.heard('command-failed')).toMatchObject([{ requestId: 'r1', fault: { message: /^No models of yours/ } }]);
  });

  it('[U40] takes neither a path nor an address, nor parts that it does not know', () => {
    const { runtime, openSession } = open();
    const client = pairWire(openSession);
    const wrong = [
      { type: 'share-models', requestId: 'r1', share: true, folder: '/etc' },
      { type: 'share-models', requestId: 'r1', share: '/home/somebody' },
      { type: 'install-runtime', requestId: 'r1', address: 'http://127.0.0.1/' },
      { type: 'install-runtime', requestId: 'r1', graphics: ['../cuda'] },
    ];
    for (const frame of wrong) client.session.receive(frame);
    expect(client.heard('command-failed').map(({ fault }) => fault.code)).toEqual(wrong.map(() => 'bad-request'));
    expect(runtime.asked).toEqual([]);
  });

  it('[U40] where there is nothing to install that is said, and every wish is refused', async () => {
    const { engine } = createTestHouse();
    expect(engine.runtime.status()).toMatchObject({ install: { state: 'not-offered' } });
    expect(engine.runtime.log()).toEqual([]);
    expect(() => engine.runtime.install([])).toThrow(/nothing was changed/);
    await expect(engine.runtime.shareModels(true)).rejects.toThrow(/nothing was changed/);
  });
});
