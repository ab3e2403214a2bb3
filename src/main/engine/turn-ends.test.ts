/** @file How turns end: on a full disk, and when the model thinks. */
import { describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { beginConversation as begin, ended } from '../../../test/kit/house.ts';
import type { TurnEvent } from '../../shared/events.ts';
import { Fault } from '../../shared/faults.ts';

const said = (events: TurnEvent[]) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

describe('the end of a turn', () => {
  it('[T12] tells the person where there is no room on disk, and takes the next message', async () => {
    let full = true;
    const { engine, id, heard } = await begin({
      change: (store) => ({
        ...store,
        acceptTurn(start) {
          if (full) throw new Fault('store-full', 'The disk is full; your words are still in the box, so make room and send again.');
          return store.acceptTurn(start);
        },
      }),
    });
    expect(() => engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' })).toThrow(
      expect.objectContaining({ code: 'store-full' }),
    );
    expect(heard.events).toEqual([]);
    full = false;
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({ status: 'complete' });
  });

  it('[T13] shows the whole reply even where its end could not be written', async () => {
    const { engine, id, heard } = await begin({
      change: (store) => ({
        ...store,
        finishTurn() {
          throw new Fault('store-full', 'The disk is full.');
        },
      }),
    });
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({ status: 'failed', fault: { code: 'store-full' }, message: { text: 'Hello.' } });
  });

  it('[T14] keeps thoughts out of the reply and out of the next prompt', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([text('<think>She is'), text(' glad.</think>\n\nGood.'), done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'I won!' });
    expect(await heard.until(ended)).toMatchObject({ message: { text: 'Good.', thinking: 'She is glad.' } });
    engine.startTurn({ turnId: 'turn-2', conversationId: id, text: 'And now?' });
    await heard.until((event) => ended(event) && event.turnId === 'turn-2');
    expect(JSON.stringify(model.requests[1]?.messages)).not.toContain('She is glad');
    expect(said(heard.events.filter(({ turnId }) => turnId === 'turn-1'))).toBe('Good.');
  });

  it('[T15] fails in words where the model only thought', async () => {
    const { engine, model, id, heard } = await begin();
    model.will([text('<think>on and on'), done()]);
    engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Hi' });
    expect(await heard.until(ended)).toMatchObject({
      status: 'failed',
      fault: { code: 'model-failed' },
      message: { thinking: 'on and on' },
    });
  });
});
