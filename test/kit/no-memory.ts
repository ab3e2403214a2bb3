/** @file A Memory port that remembers nothing. */
import type { Memory } from '../../src/main/engine/memory-port.ts';

export const noMemory: Memory = { recall: async () => ({ snippets: [], warnings: [] }) };
