import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/main/adapters/sqlite/access.ts';
import { connect, IN_MEMORY } from '../../src/main/adapters/sqlite/connection.ts';
import { createConversationPart } from '../../src/main/adapters/sqlite/conversations.ts';
import { migrate } from '../../src/main/adapters/sqlite/migrate.ts';
import { createOutboxPart, createOutboxWriter } from '../../src/main/adapters/sqlite/outbox.ts';
import { createPromptTextWriter } from '../../src/main/adapters/sqlite/prompt-texts.ts';
import { createTurnPart } from '../../src/main/adapters/sqlite/turns.ts';
import { noLog } from '../../src/main/adapters/sqlite/write-ahead-log.ts';
import { OUTBOX_ROWS } from '../../src/shared/limits.ts';
import { createHeardLog } from '../kit/embedded.ts';
import { silentLog } from '../kit/silent-log.ts';

const mood = { compound: 0, positive: 0, negative: 0, neutral: 1 };

describe('the outbox on disk', () => {
  it('[NB6] keeps the newest turns up to its bound, drops the oldest, and says so once', () => {
    const bound = 5;
    const log = createHeardLog();
    const database = connect(IN_MEMORY, silentLog);
    migrate(database);
    const access = createAccess(database, noLog);
    createConversationPart(access).createConversation(
      { id: 'c', userId: 'u', characterId: 'default', title: '', titled: false, createdAt: 0, updatedAt: 0 },
      undefined,
    );
    const turns = createTurnPart(access, { prompts: createPromptTextWriter(access), outbox: createOutboxWriter(access, log, bound) });
    const { outbox } = createOutboxPart(access);
    for (let at = 1; at <= 3 * bound; at++) {
      const turnId = `turn-${at}`;
      turns.acceptTurn({ turnId, conversationId: 'c', replyId: `r${at}`, startedAt: at, user: { id: `u${at}`, text: 'Hi', mood } });
      turns.finishTurn({ turnId, status: 'complete', text: 'Yes.', thinking: '', report: undefined, fault: undefined, endedAt: at });
      expect(outbox(100).length).toBe(Math.min(at, bound));
    }
    expect(outbox(100).map((row) => row.turnId)).toEqual(['turn-11', 'turn-12', 'turn-13', 'turn-14', 'turn-15']);
    expect(log.lines).toEqual([{ level: 'warn', event: 'outbox-overflowed', fields: { limit: bound } }]);
    database.close();
  });

  it('[NB6] the bound is 100,000 turns', () => {
    expect(OUTBOX_ROWS).toBe(100_000);
  });
});
