/** @file Echoes of our own tags, cut at every place. */
import { expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { beginConversation, ended } from '../../../test/kit/house.ts';
import { createEchoFilter } from './echoes.ts';

const through = (pieces: string[]) => {
  const filter = createEchoFilter();
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
};

const cases: [string, string][] = [
  ['I like fruit. </now>', 'I like fruit. '],
  ['I like fruit.\n</now>\n</memory> More.', 'I like fruit.\n\n More.'],
  ['<note>\n<to>Mara</to>\n</note>', '<note>\n<to>Mara</to>\n</note>'],
  ['a < b, a </ b, </no, </nowhere>', 'a < b, a </ b, </no, </nowhere>'],
  ['It ends in </no', 'It ends in </no'],
];

it.each(cases)('[T46] an echoed closing tag is left out, wherever it is cut: %j', (said, shown) => {
  for (let first = 0; first <= said.length; first += 1) {
    for (let second = first; second <= said.length; second += 1) {
      expect(through([said.slice(0, first), said.slice(first, second), said.slice(second)])).toBe(shown);
    }
  }
});

it('[T46] neither the window nor the disk has it', async () => {
  const house = await beginConversation();
  house.model.will([text('I like fruit.'), text(' </n'), text('ow>'), done()]);
  house.engine.startTurn({ turnId: 't1', conversationId: house.id, text: 'And you?' });
  const end = await house.heard.until(ended);
  expect(end.type === 'turn-ended' && end.message?.text).toBe('I like fruit. ');
  const shown = house.heard.events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  expect(shown).toBe('I like fruit. ');
});
