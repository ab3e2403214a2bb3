/** @file A note may be shared among companions. */

/** By the person, one by one; nobody else reads it until sharing is switched on. */
export const migration008 = `
ALTER TABLE notes ADD COLUMN shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1));
`;
