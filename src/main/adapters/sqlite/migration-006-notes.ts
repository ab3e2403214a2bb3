/** @file Notes and summaries, what they were drawn from, how far was learnt, and what is being forgotten. */

/** Texts lie in `notes` and `note_sources` alone; `forgettings` holds ids, so that it can outlive what it removes. */
export const migration006 = `
CREATE TABLE notes (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  character_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('you', 'likes', 'people', 'plans', 'told', 'summary')),
  -- What it is about, where of a single subject only the newest note holds.
  subject TEXT NOT NULL,
  single INTEGER NOT NULL CHECK (single IN (0, 1)),
  text TEXT NOT NULL,
  folded_text TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('words', 'model', 'person', 'import')),
  confidence REAL NOT NULL,
  pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  edited INTEGER NOT NULL CHECK (edited IN (0, 1)),
  learned_at REAL NOT NULL,
  said_at REAL NOT NULL,
  -- Of a summary: the conversation that it sums up.
  conversation_id TEXT,
  superseded_by TEXT,
  superseded_at REAL,
  -- Hidden while it can still be brought back.
  forgetting_id TEXT
) STRICT;
CREATE INDEX notes_of_pair ON notes (user_id, character_id, said_at DESC, number DESC);
CREATE INDEX notes_replaced ON notes (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE UNIQUE INDEX notes_summary ON notes (conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE note_sources (
  note_id TEXT NOT NULL REFERENCES notes (id),
  message_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  said_at REAL NOT NULL,
  quote TEXT NOT NULL,
  PRIMARY KEY (note_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_sources_of_message ON note_sources (message_id);
CREATE INDEX note_sources_of_conversation ON note_sources (conversation_id);

-- The numbers of the messages up to which each learner has read.
CREATE TABLE learning (
  conversation_id TEXT PRIMARY KEY REFERENCES conversations (id),
  rules INTEGER NOT NULL DEFAULT 0,
  notes INTEGER NOT NULL DEFAULT 0,
  summary INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE forgettings (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  note_ids TEXT NOT NULL,
  message_ids TEXT NOT NULL,
  at REAL NOT NULL
) STRICT, WITHOUT ROWID;
`;
