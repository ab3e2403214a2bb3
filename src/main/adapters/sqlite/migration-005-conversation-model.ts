/** @file A conversation may have a model of its own. */

/** NULL takes the companion's, or the default. */
export const migration005 = `
ALTER TABLE conversations ADD COLUMN model TEXT;
`;
