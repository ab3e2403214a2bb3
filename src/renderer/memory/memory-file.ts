/** @file The file in which memories travel: JSON that docs/memory.md describes. */
import { z } from 'zod';
import { type CarriedMemory, carriedMemorySchema } from '../../shared/memories.ts';

const FORMAT = 'persona-engine-memories';
const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  exportedAt: z.number(),
  memories: z.array(carriedMemorySchema),
});

export function memoryFile(memories: readonly CarriedMemory[], at: number): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, exportedAt: at, memories }, null, 2)}\n`;
}

/** Undefined where the text is no such file. */
export function readMemoryFile(text: string): CarriedMemory[] | undefined {
  try {
    return fileSchema.safeParse(JSON.parse(text)).data?.memories;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
