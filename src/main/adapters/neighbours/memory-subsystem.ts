/** @file Memories from a Memory Subsystem: a deadline, whatever shape it answers in, and never the reason that a turn fails. */
import { z } from 'zod';
import { MEMORY_BYTES, MEMORY_MS, MEMORY_SNIPPETS } from '../../../shared/limits.ts';
import type { Memory, Snippet } from '../../engine/memory-port.ts';
import type { Log } from '../../engine/ports.ts';
import type { ServiceLine } from './service-line.ts';

export type MemorySubsystemOptions = {
  line: ServiceLine;
  /** Own recall, for whenever the subsystem has no usable answer. */
  otherwise: Memory;
  log: Log;
};

const words = z.string().optional().catch(undefined);
const objectSchema = z.object({ text: words, content: words, memory: words, score: z.number().optional().catch(undefined) });
const keys = ['context', 'memories', 'snippets', 'results'] as const;
const reason = 'Memory Subsystem';

function readSnippet(value: unknown): Snippet | undefined {
  if (typeof value === 'string') return { text: value, reason };
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { content, memory, score } = parsed.data;
  const text = parsed.data.text ?? content ?? memory;
  if (text === undefined) return undefined;
  return score === undefined ? { text, reason } : { text, reason, score };
}

/** A list of which nothing can be read is no list of memories; an empty one is. */
function snippetsIn(value: unknown): Snippet[] | undefined {
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined;
  const found = [value].flat().flatMap((one: unknown) => readSnippet(one) ?? []);
  if (found.length === 0 && value.length > 0) return undefined;
  return found.filter(({ text }) => text.trim() !== '');
}

/** A list, one string, or either under one of the keys of wire.md; undefined for anything else. */
export function readSnippets(value: unknown): Snippet[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return snippetsIn(value);
  for (const key of keys) {
    const found = snippetsIn((value as Record<string, unknown>)[key]);
    if (found) return found;
  }
  return undefined;
}

/** See wire.md, The neighbours: POST {base}/retrieve-context within 1.5 s; anything unusable leaves it to own recall. */
export function createMemorySubsystem({ line, otherwise, log }: MemorySubsystemOptions): Memory {
  return {
    async recall(query, signal) {
      const body = { user_id: query.userId, character_id: query.characterId, message: query.message, limit: MEMORY_SNIPPETS };
      try {
        const path = '/retrieve-context';
        const answer = await line.exchange({ path, method: 'POST', body, limitMs: MEMORY_MS, limitBytes: MEMORY_BYTES, signal });
        const snippets = answer.status === 200 ? readSnippets(answer.value) : undefined;
        if (snippets) return { snippets: snippets.slice(0, MEMORY_SNIPPETS), warnings: [] };
        throw new Error(`no memories in an answer with status ${answer.status}`);
      } catch (error) {
        if (!signal.aborted) log.warn('memory-subsystem-failed', { cause: error });
        const own = await otherwise.recall(query, signal);
        return {
          ...own,
          warnings: [...own.warnings, 'The Memory Subsystem had no usable answer; this reply was written without its memories.'],
        };
      }
    },
  };
}
