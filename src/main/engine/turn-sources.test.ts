/** @file What of a memory reaches the model beside its words. */
import { expect, it } from 'vitest';
import { beginConversation, ended } from '../../../test/kit/house.ts';
import type { Snippet } from './memory-port.ts';

const at = Date.UTC(2026, 10, 16, 12);
const from = (part: Pick<NonNullable<Snippet['source']>, 'kind' | 'speaker'>, text: string): Snippet => ({
  text,
  reason: 'It has the same words.',
  source: { id: text, conversationId: undefined, messageId: undefined, turnId: undefined, at, ...part },
});

it('[RC10] a memory of our own reaches the model with its day and whose words it is; another service’s stays as it came', async () => {
  const snippets = [
    from({ kind: 'message', speaker: 'person' }, 'The tin is blue.'),
    from({ kind: 'message', speaker: 'companion' }, 'Start with the oldest.'),
    from({ kind: 'note', speaker: 'person' }, 'Likes plum cake.'),
    { text: 'As it came.', reason: 'Elsewhere.' },
  ];
  const house = await beginConversation({ memory: { recall: async () => ({ snippets, warnings: [] }) } });
  const day = house.clock.words(at).replace(/,? \d{1,2}:\d{2}$/, '');
  house.engine.startTurn({ turnId: 't1', conversationId: house.id, text: 'What now?' });
  await house.heard.until(ended);
  const sent = house.model.requests.at(-1)?.messages.at(-1)?.content ?? '';
  expect(day).toContain('2026');
  expect(sent).toContain(`- On ${day} they said: The tin is blue.\n`);
  expect(sent).toContain(`- On ${day} you said: Start with the oldest.\n`);
  expect(sent).toContain(`- Known since ${day}: Likes plum cake.\n`);
  expect(sent).toContain('- As it came.');
});
