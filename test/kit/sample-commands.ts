/** @file One valid frame of every command that there is, made from the schema itself, so that a new command is never left out. */
import { z } from 'zod';
import { commandSchema } from '../../src/shared/commands.ts';

type Schema = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  minItems?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

/** Words for whatever form a text has to have: an id, a name, Base64, a SHA-256. */
const words = ['Tea', 'c1', 'VGVh', 'a'.repeat(64)];

function sampleOf(schema: Schema): unknown {
  const { type, pattern, items, minItems = 0, minimum = 1, maximum = 1, properties = {} } = schema;
  const options = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (options?.[0]) return sampleOf(options[0]);
  if (type === 'string') return words.find((word) => pattern === undefined || new RegExp(pattern, 'u').test(word));
  if (type === 'integer' || type === 'number') return Math.min(Math.max(minimum, 1), maximum);
  if (type === 'boolean') return true;
  if (type === 'array') return Array.from({ length: minItems }, () => (items ? sampleOf(items) : null));
  if (type === 'object') return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, sampleOf(part)]));
  return null;
}

/** Throws where one of them is not what its own schema takes. */
export function sampleCommands(): Record<string, unknown>[] {
  const { oneOf = [] } = z.toJSONSchema(commandSchema, { io: 'input' }) as Schema;
  const samples = oneOf.map((schema) => sampleOf(schema) as Record<string, unknown>);
  for (const sample of samples) commandSchema.parse(sample);
  return samples;
}
