/** @file The seventh shape: what was said in a conversation up to a message, in short. */

/** Written by the model, shown above the first message that is still sent; rows are never changed but to forget something. */
export const migration007 = `
CREATE TABLE summaries (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  -- The last message that it covers.
  through_id TEXT NOT NULL REFERENCES messages (id),
  text TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX summaries_of_conversation ON summaries (conversation_id, number);
CREATE INDEX summaries_through ON summaries (through_id);
`;
