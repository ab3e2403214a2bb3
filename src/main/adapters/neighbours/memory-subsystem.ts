/** @file Memories from a Memory Subsystem: a deadline, whatever shape it answers in, and never the reason that a turn fails. */
import { z } from 'zod';
import { MEMORY_BYTES, MEMORY_MS, MEMORY_SNIPPETS } from '../../../shared/limits.ts';
import type { Log, Memory, Snippet } from '../../engine/ports.ts';
import { exchangeJson } from './fetch-json.ts';

export type MemorySubsystemOptions = {
  /** MEMORY_SUBSYSTEM_URL. */
  baseUrl: string;
  /** Own recall, for whenever the subsystem has no usable answer. */
  otherwise: Memory;
  log: Log;
};

const words = z.string().max(16_384);
const snippetSchema = z.union([
  words.transform((text): Snippet => ({ text, reason: 'Memory Subsystem' })),
  z
    .object({ text: words.optional(), content: words.optional(), memory: words.optional(), score: z.number().optional().catch(undefined) })
    .transform(({ text, content, memory, score }): Snippet => {
      const snippet = { text: text ?? content ?? memory ?? '', reason: 'Memory Subsystem' };
      return score === undefined ? snippet : { ...snippet, score };
    }),
]);
const listSchema = z.union([z.array(snippetSchema), snippetSchema.transform((one) => [one])]);
const keys = ['context', 'memories', 'snippets', 'results'] as const;

/** A list, one string, or either under one of the keys of wire.md; undefined for anything else. */
export function readSnippets(value: unknown): Snippet[] | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return snippetsIn(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const key = keys.find((each) => each in value);
  return key === undefined ? undefined : snippetsIn((value as Record<string, unknown>)[key]);
}

function snippetsIn(value: unknown): Snippet[] | undefined {
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined;
  const parsed = listSchema.safeParse(value);
  return parsed.success ? parsed.data.filter(({ text }) => text.trim() !== '') : undefined;
}

/** See wire.md, The neighbours: POST {base}/retrieve-context within 1.5 s; anything unusable leaves it to own recall. */
export function createMemorySubsystem({ baseUrl, otherwise, log }: MemorySubsystemOptions): Memory {
  const url = `${baseUrl.replace(/\/+$/, '')}/retrieve-context`;
  return {
    async recall(query, signal) {
      const body = { user_id: query.userId, character_id: query.characterId, message: query.message, limit: MEMORY_SNIPPETS };
      try {
        const answer = await exchangeJson({ url, method: 'POST', body, limitMs: MEMORY_MS, limitBytes: MEMORY_BYTES, signal });
        const snippets = answer.status === 200 ? readSnippets(answer.value) : undefined;
        if (snippets) return { snippets: snippets.slice(0, MEMORY_SNIPPETS), warnings: [] };
        throw new Error(`no memories in an answer with status ${answer.status}`);
      } catch (error) {
        if (!signal.aborted) log.warn('memory-subsystem-failed', { cause: error });
        const own = await otherwise.recall(query, signal);
        return { ...own, warnings: [...own.warnings, 'The Memory Subsystem did not answer; this reply was written without its memories.'] };
      }
    },
  };
}
