/** @file Messages of which something was put right or forgotten since, while they stay where they were said. */

/** `untold` counts the forgettings that a message outlives: it is recalled no more, and nothing is learnt from it. */
export const migration009 = `
ALTER TABLE messages ADD COLUMN untold INTEGER NOT NULL DEFAULT 0;
-- Messages that notes in the person's own wording put right.
CREATE TABLE put_right (
  note_id TEXT NOT NULL REFERENCES notes (id),
  message_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  PRIMARY KEY (note_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX put_right_of_conversation ON put_right (conversation_id);
`;
