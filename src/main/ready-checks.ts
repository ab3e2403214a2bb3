/** @file Schemas work out what they check when they are first asked. What every conversation needs does so here, before anybody waits for it. */
import { z } from 'zod';

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

/** What a schema is made of, whatever its kind calls it: a shape, options, an element, what is inside. */
function partsOf({ def }: z.ZodType): z.ZodType[] {
  const { checks: _, ...rest } = def;
  return Object.values(rest)
    .flatMap((value: unknown) => (typeof value === 'object' && value !== null && !isSchema(value) ? Object.values(value) : [value]))
    .filter(isSchema);
}

function ready(schema: z.ZodType, seen: Set<z.ZodType>): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  if (schema.def.type === 'object' || schema.def.type === 'union') schema.safeParse({});
  for (const part of partsOf(schema)) ready(part, seen);
}

/** For all commands and a reply's report it takes 10 ms, which the first command and the first reply would otherwise hold the loop for. */
export function readyChecks(schemas: readonly z.ZodType[]): void {
  const seen = new Set<z.ZodType>();
  for (const schema of schemas) ready(schema, seen);
}
