/** @file The texts of sent prompts that are no messages: kept once a conversation, found by their hash. */
import type { Store } from '../../engine/ports.ts';
import type { PromptText } from '../../engine/stored-prompt.ts';
import type { Access } from './access.ts';
import { stored } from './rows.ts';

export type PromptTextWriter = { keep(conversationId: string, texts: readonly PromptText[]): void };

/** Writes inside the transaction of whoever calls it; a text that is there already costs a look. */
export function createPromptTextWriter({ database }: Access): PromptTextWriter {
  const insert = database.prepare('INSERT OR IGNORE INTO prompt_texts (conversation_id, hash, text) VALUES (?, ?, ?)');
  return {
    keep(conversationId, texts) {
      for (const { hash, text } of texts) insert.run(conversationId, hash, stored(text));
    },
  };
}

export function createPromptTextPart(access: Access): Pick<Store, 'promptText'> {
  const find = access.database.prepare('SELECT text FROM prompt_texts WHERE conversation_id = ? AND hash = ?');
  return {
    promptText: (conversationId, hash) =>
      access.read(() => {
        const row = find.get(conversationId, hash) as { text: string } | undefined;
        return row?.text;
      }),
  };
}
