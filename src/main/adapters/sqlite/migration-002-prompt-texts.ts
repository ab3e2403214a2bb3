/** @file The second shape: the texts of sent prompts that are no messages, once a conversation. */

/**
 * A reply's report names them by their hash. They hold what a card, a lorebook and a person's own description said then; blocks
 * above a person's words lie here only where they are not those in `messages.context`.
 */
export const migration002 = `
CREATE TABLE prompt_texts (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  hash TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (conversation_id, hash)
) STRICT, WITHOUT ROWID;
`;
