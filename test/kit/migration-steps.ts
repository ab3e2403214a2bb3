/** @file The published migrations and two that a later version could bring, for tests of what comes between. */
import { migrations } from '../../src/main/adapters/sqlite/migrate.ts';

export const laterSteps: readonly string[] = [
  ...migrations,
  `CREATE TABLE jottings (id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
   ALTER TABLE conversations ADD COLUMN note TEXT;
   UPDATE conversations SET note = title;
   INSERT INTO jottings SELECT id, title FROM conversations;`,
  `ALTER TABLE conversations DROP COLUMN note;
   CREATE INDEX jottings_by_text ON jottings (text);`,
];

/** The statements of a migration, which holds no semicolon inside of one. */
export function statementsOf(step: string): string[] {
  return step
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
