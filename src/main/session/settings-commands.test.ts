/** @file What can be set, over paired wires. */
import { describe, expect, it } from 'vitest';
import { beginConversation } from '../../../test/kit/house.ts';
import { pairWire } from '../../../test/kit/paired-wire.ts';
import { silentLog } from '../../../test/kit/silent-log.ts';
import { createSessions } from './session.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the commands about settings', () => {
  it('[F9] change what the next turn is made with, and tell both windows', async () => {
    const house = await beginConversation();
    const open = createSessions({ ...house, log: silentLog, service: 'persona_engine', version: '0.0.0', userId: 'default' });
    const [one, other] = [pairWire(open), pairWire(open)];
    one.session.receive({ type: 'change-settings', requestId: 'r1', patch: { generation: { temperature: 1.25 } } });
    await settle();
    expect(one.events.map(({ type }) => type)).toContain('command-done');
    for (const { events } of [one, other]) {
      const told = events.find((event) => event.type === 'settings-changed');
      expect(told?.type === 'settings-changed' && told.settings.generation.temperature).toBe(1.25);
    }
    house.engine.startTurn({ turnId: 't1', conversationId: house.id, text: 'The table is made of wood.' });
    await house.heard.until((event) => event.type === 'turn-ended' || event.type === 'turn-accepted');
    await settle();
    expect(house.model.requests.at(-1)?.temperature).toBe(1.25);
    one.session.receive({ type: 'reset-settings', requestId: 'r2', section: 'generation' });
    one.session.receive({ type: 'show-settings', requestId: 'r3' });
    await settle();
    const shown = one.events.find((event) => event.type === 'settings-shown');
    expect(shown?.type === 'settings-shown' && shown.settings.generation.temperature).toBe(0.7);
  });

  it('[F9] refuse what no setting allows and change nothing', async () => {
    const house = await beginConversation();
    const open = createSessions({ ...house, log: silentLog, service: 'persona_engine', version: '0.0.0', userId: 'default' });
    const client = pairWire(open);
    client.session.receive({ type: 'change-settings', requestId: 'r1', patch: { generation: { temperature: 3 } } });
    await settle();
    expect(client.events.at(-1)).toMatchObject({ type: 'command-failed', requestId: 'r1', fault: { code: 'bad-request' } });
    expect(house.engine.settings.now().generation.temperature).toBe(0.7);
  });

  it('[D45] set who may come in for the owner alone', async () => {
    const house = await beginConversation();
    const open = createSessions({ ...house, log: silentLog, service: 'persona_engine', version: '0.0.0', userId: 'default' });
    const [stranger, owner] = [pairWire(open), pairWire((wire) => open({ ...wire, isOwner: true }))];
    const opening = { api: { on: true, origins: ['http://evil.test'] } };
    stranger.session.receive({ type: 'change-settings', requestId: 'r1', patch: opening });
    stranger.session.receive({ type: 'reset-settings', requestId: 'r2', section: 'api' });
    await settle();
    expect(stranger.heard('command-failed').map(({ fault }) => fault.code)).toEqual(['forbidden', 'forbidden']);
    expect(house.engine.settings.now().api.on).toBe(false);
    owner.session.receive({ type: 'change-settings', requestId: 'r1', patch: opening });
    await settle();
    expect(house.engine.settings.now().api).toMatchObject(opening.api);
  });
});
