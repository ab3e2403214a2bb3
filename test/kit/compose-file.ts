/** @file Reads docker-compose.yml with the YAML reader that electron-builder brings, and fills in its variables as Compose does. */
import { createRequire } from 'node:module';
import { z } from 'zod';

const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const lib = createRequire(builder.resolve('app-builder-lib'));
const { load } = lib('js-yaml') as { load(text: string): unknown };

const serviceSchema = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.array(z.string()).optional(),
  restart: z.string().optional(),
});
const composeSchema = z.strictObject({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
});
export type ComposeFile = z.infer<typeof composeSchema>;

/** `${NAME:-default}` also where NAME is empty, `${NAME-default}` only where it is unset. Throws for any other form. */
function filled(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{?([^}]*)\}?/g, (whole, inside: string) => {
    const [, name, sign, otherwise] = /^([A-Z_]+)(:?-)(.*)$/.exec(inside) ?? [];
    if (name === undefined || otherwise === undefined) throw new Error(`${whole} is not understood here`);
    const value = environment[name];
    return value === undefined || (sign === ':-' && value === '') ? otherwise : value;
  });
}

function fillIn(value: unknown, environment: Record<string, string>): unknown {
  if (typeof value === 'string') return filled(value, environment);
  if (Array.isArray(value)) return value.map((one) => fillIn(one, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillIn(one, environment)]));
}

/** Throws where the file has a key that it should not have. */
export function readCompose(text: string, environment: Record<string, string> = {}): ComposeFile {
  return composeSchema.parse(fillIn(load(text), environment));
}

/** What a container gets, as strings. */
export function environmentOf(file: ComposeFile, service: string): Record<string, string> {
  return Object.fromEntries(Object.entries(file.services[service]?.environment ?? {}).map(([name, value]) => [name, String(value)]));
}
