/** @file What the engine's process says, and what is said to it. */
import { z } from 'zod';
import type { ModelRequest } from '../../engine/ports.ts';

const count = z.number().int().min(0);

export const engineInfoSchema = z.object({
  name: z.string(),
  size: z.string(),
  family: z.string(),
  quantisation: z.string(),
  contextTokens: count,
  threads: count,
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

const id = { id: count };
const usage = z.object({ promptTokens: count, evaluatedTokens: count, replyTokens: count, promptMs: count, replyMs: count });

export const engineMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loaded'), info: engineInfoSchema }),
  z.object({ type: z.literal('load-failed'), reason: z.string() }),
  z.object({ type: z.literal('loading'), ...id }),
  z.object({ type: z.literal('prepared'), ...id }),
  z.object({ type: z.literal('reading'), ...id, promptTokens: count, evaluatedTokens: count }),
  z.object({ type: z.literal('text'), ...id, text: z.string().min(1) }),
  z.object({ type: z.literal('done'), ...id, finish: z.enum(['stop', 'length']), usage }),
  z.object({ type: z.literal('overflow'), ...id, promptTokens: count }),
  z.object({ type: z.literal('cancelled'), ...id }),
  /** `loading`: there was no memory for the context, say, and nothing was read yet. */
  z.object({ type: z.literal('failed'), ...id, loading: z.boolean(), reason: z.string() }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;

/** An answer to one request; `gone` is said by us when the process has ended. */
export type EngineAnswer = Exclude<EngineMessage, { type: 'loaded' | 'load-failed' }> | { type: 'gone' };

/** After these nothing more comes for a request. */
export const closingAnswers: ReadonlySet<EngineAnswer['type']> = new Set(['prepared', 'done', 'overflow', 'cancelled', 'failed', 'gone']);

export type EngineOrder =
  | { type: 'load'; modules: string; modelPath: string; sliceMs: number }
  | { type: 'prepare'; id: number; contextTokens: number }
  | { type: 'chat'; id: number; request: ModelRequest }
  | { type: 'abort'; id: number };
