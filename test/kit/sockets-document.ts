/** @file docs/sockets.md, made from the schemas that the sockets themselves read and write with. */
import { z } from 'zod';
import { chatFrameSchema, chatMessageSchema, chatStopSchema } from '../../src/main/api/chat-frames.ts';
import { commandSchema } from '../../src/shared/commands.ts';
import { conversationSchema, messageSchema, reportSchema } from '../../src/shared/conversation.ts';
import { eventSchema, liveTurnSchema } from '../../src/shared/events.ts';
import { wireFaultSchema } from '../../src/shared/faults.ts';
import { moodSchema, toneSchema } from '../../src/shared/mood.ts';
import { runtimeStatusSchema } from '../../src/shared/runtime.ts';
import { modelStatusSchema } from '../../src/shared/status.ts';

type Schema = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

/** Objects that stand in many frames; they are described once and named elsewhere. */
const shared: Record<string, z.ZodType> = {
  Message: messageSchema,
  Conversation: conversationSchema,
  LiveTurn: liveTurnSchema,
  Report: reportSchema,
  Mood: moodSchema,
  Tone: toneSchema,
  ModelStatus: modelStatusSchema,
  RuntimeStatus: runtimeStatusSchema,
  Fault: wireFaultSchema,
};

const asSchema = (schema: z.ZodType, io: 'input' | 'output'): Schema => z.toJSONSchema(schema, { io }) as Schema;
const fingerprint = ({ properties }: Schema): string => JSON.stringify(properties ?? {});
const names = new Map(Object.entries(shared).map(([name, schema]) => [fingerprint(asSchema(schema, 'output')), name]));

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

/** Limits in words; a whole number's outermost bounds are no limit that anybody meets. */
function limitsOf({ pattern, minLength, maxLength, minimum, maximum }: Schema): string {
  const limits = [
    pattern === undefined ? '' : `\`${pattern.replaceAll('|', '\\|')}\``,
    minLength === undefined ? '' : `≥ ${minLength} characters`,
    maxLength === undefined ? '' : `≤ ${maxLength} characters`,
    minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : `≥ ${minimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `≤ ${maximum}`,
  ].filter((limit) => limit !== '');
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

function typeOf(schema: Schema): string {
  const name = schema.properties && names.get(fingerprint(schema));
  if (name) return `[${name}](#${name.toLowerCase()})`;
  if ('const' in schema) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties)
    return `object of ${Object.keys(schema.properties)
      .map((field) => `\`${field}\``)
      .join(', ')}`;
  return `${schema.type ?? 'anything'}${limitsOf(schema)}`;
}

function tableOf({ properties = {}, required = [] }: Schema): string[] {
  const rows = Object.entries(properties).map(([field, schema]) => {
    const presence =
      schema.default === undefined ? (required.includes(field) ? 'always' : 'may be absent') : `else ${code(schema.default)}`;
    return `| \`${field}\` | ${typeOf(schema)} | ${presence} | ${schema.description ?? ''} |`;
  });
  return ['| field | value | there | |', '|---|---|---|---|', ...rows, ''];
}

/** Each member of a union under its own heading, which is its type. */
function framesOf(schema: z.ZodType, io: 'input' | 'output'): string[] {
  const whole = asSchema(schema, io);
  const members = whole.oneOf ?? whole.anyOf ?? [whole];
  return members.flatMap((member) => [`#### ${String(member.properties?.['type']?.const ?? 'message')}`, '', ...tableOf(member)]);
}

/** The whole document. */
export function socketsDocument(): string {
  return [
    '# The sockets’ frames',
    '',
    'Made from the schemas in `src/shared` and `src/main/api/chat-frames.ts` by `npm run node -- scripts/sockets-document.ts`; a test fails when it is out of date. Every frame is one JSON object in one text message.',
    '',
    '## /ws/chat',
    '',
    'The frames out are also the events of `POST /api/chat`, named by their `type`.',
    '',
    '### In',
    '',
    'Fields that are not named here are ignored.',
    '',
    ...framesOf(chatMessageSchema, 'input'),
    ...framesOf(chatStopSchema, 'input'),
    '### Out',
    '',
    ...framesOf(chatFrameSchema, 'output'),
    '## /ws/session',
    '',
    '### In: commands',
    '',
    ...framesOf(commandSchema, 'input'),
    '### Out: events',
    '',
    ...framesOf(eventSchema, 'output'),
    '## What the frames hold',
    '',
    ...Object.entries(shared).flatMap(([name, schema]) => [`### ${name}`, '', ...tableOf(asSchema(schema, 'output'))]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
