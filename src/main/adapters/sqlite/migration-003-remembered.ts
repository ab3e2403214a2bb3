/** @file Conversations that are not to be remembered: nothing is learnt from them and none of their words are recalled elsewhere. */

export const migration003 = `
ALTER TABLE conversations ADD COLUMN remembered INTEGER NOT NULL DEFAULT 1 CHECK (remembered IN (0, 1));
`;
