/** @file A Memory port that remembers nothing. */
import type { Memory } from '../../src/main/engine/ports.ts';

export const noMemory: Memory = { recall: async () => ({ snippets: [], warnings: [] }) };
