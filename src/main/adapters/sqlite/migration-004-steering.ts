/** @file Steering: a note for a whole conversation, and how a version of a message came to be. */

export const migration004 = `
ALTER TABLE conversations ADD COLUMN author_note TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN origin TEXT CHECK (origin IN ('edited', 'continued', 'shorter', 'longer', 'warmer'));
`;
