/** @file The first shape of the data: conversations, a tree of messages, turns, the outbox, small values. */

/**
 * `number` is the order of insertion, kept by VACUUM; ids are what the outside knows.
 * Message text is plain TEXT, so that a person's data stays readable with any SQLite tool.
 */
export const migration001 = `
CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  character_id TEXT NOT NULL,
  title TEXT NOT NULL,
  -- The title as a search compares it: SQLite folds the case of ASCII only.
  folded_title TEXT NOT NULL,
  titled INTEGER NOT NULL CHECK (titled IN (0, 1)),
  -- The last message of the active path. Not a foreign key: the two tables would need each other's rows first.
  head_id TEXT,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  deleted_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_by_time ON conversations (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_by_pair ON conversations (user_id, character_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  parent_id TEXT REFERENCES messages (id),
  turn_id TEXT,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  text TEXT NOT NULL,
  thinking TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('complete', 'writing', 'stopped', 'failed', 'interrupted')),
  context TEXT NOT NULL DEFAULT '',
  mood TEXT,
  report TEXT,
  fault TEXT,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX messages_siblings ON messages (parent_id, conversation_id, number);
CREATE INDEX messages_of_conversation ON messages (conversation_id);
CREATE INDEX messages_writing ON messages (number) WHERE status = 'writing';

CREATE TABLE turns (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  user_message_id TEXT NOT NULL REFERENCES messages (id),
  reply_id TEXT NOT NULL UNIQUE REFERENCES messages (id),
  started_at REAL NOT NULL,
  ended_at REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX turns_of_conversation ON turns (conversation_id);
CREATE INDEX turns_of_message ON turns (user_message_id);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id TEXT NOT NULL,
  turn_id TEXT NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_of_conversation ON outbox (conversation_id);

CREATE TABLE value (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
