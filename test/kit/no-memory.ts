/** @file A Memory port that remembers nothing, and an index that finds nothing. */
import type { Memory, MemoryIndex } from '../../src/main/engine/memory-port.ts';

export const noMemory: Memory = { recall: async () => ({ snippets: [], warnings: [] }) };

export const noIndex: MemoryIndex = { put: () => {}, remove: () => {}, refresh: () => {}, reread: () => {}, search: async () => [] };
