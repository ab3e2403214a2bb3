/** @file GET /openapi.json: every route as OpenAPI 3.1, out of the schemas that the routes themselves read with. */
import { z } from 'zod';
import { moodSchema } from '../../shared/mood.ts';
import { healthSchema } from '../../shared/status.ts';
import { chatFrameSchema, chatMessageSchema } from './chat-frames.ts';
import { charactersSchema, conversationPageSchema, conversationsSchema, listQuerySchema, pageQuerySchema } from './conversation-routes.ts';
import {
  completionChunkSchema,
  completionRequestSchema,
  completionSchema,
  openAiErrorSchema,
  openAiModelSchema,
  openAiModelsSchema,
} from './openai-shapes.ts';
import { sentimentSchema } from './sentiment-route.ts';

type Content = { type: string; schema: z.ZodType; what?: string };

type Operation = {
  method: 'get' | 'post';
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Answers that are no error. */
  good: Record<number, Content[]>;
  /** Errors of its own, besides those that any route answers. */
  bad: number[];
};

export type OpenApiDocument = {
  openapi: string;
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, OpenApiOperation>>;
};
export type OpenApiOperation = {
  summary: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
};

const errorSchema = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string().max(299) }) });
const statusOnlySchema = healthSchema.pick({ status: true });

const json = (schema: z.ZodType): Content[] => [{ type: 'application/json', schema }];
const events = (schema: z.ZodType, what: string): Content => ({ type: 'text/event-stream', schema, what });
const healthContent = json(z.union([healthSchema, statusOnlySchema]));
/** Refused by the guard before any route. */
const anywhere = [401, 403];
const withBody = [400, 413, 415];

const operations: Operation[] = [
  {
    method: 'get',
    path: '/health',
    summary: 'How the service and everything it depends on is; the status alone where a token is demanded and missing.',
    good: { 200: healthContent, 503: healthContent },
    bad: [],
  },
  {
    method: 'post',
    path: '/api/sentiment',
    summary: 'The reference VADER score of a text.',
    body: sentimentSchema,
    good: { 200: json(moodSchema) },
    bad: withBody,
  },
  {
    method: 'post',
    path: '/api/chat',
    summary: 'One turn as server-sent events: the frames of /ws/chat, each named by its type. Leaving stops the turn.',
    body: chatMessageSchema,
    good: { 200: [events(chatFrameSchema, 'The data of each event.')] },
    bad: [...withBody, 429],
  },
  {
    method: 'get',
    path: '/api/characters',
    summary: 'The characters that can be talked with.',
    good: { 200: json(charactersSchema) },
    bad: [],
  },
  {
    method: 'get',
    path: '/api/conversations',
    summary: 'Conversations, the latest first, in pages.',
    query: listQuerySchema,
    good: { 200: json(conversationsSchema) },
    bad: [400],
  },
  {
    method: 'get',
    path: '/api/conversations/{id}',
    summary: 'A conversation with the newest messages of its active path, or those above a page.',
    query: pageQuerySchema,
    good: { 200: json(conversationPageSchema) },
    bad: [400, 404],
  },
  {
    method: 'get',
    path: '/v1/models',
    summary: 'The characters, as models of an OpenAI-compatible server.',
    good: { 200: json(openAiModelsSchema) },
    bad: [],
  },
  { method: 'get', path: '/v1/models/{id}', summary: 'One of them.', good: { 200: json(openAiModelSchema) }, bad: [404] },
  {
    method: 'post',
    path: '/v1/chat/completions',
    summary: 'An answer of the character that `model` names. The messages are its whole history; nothing is stored or learnt.',
    body: completionRequestSchema,
    good: { 200: [...json(completionSchema), events(completionChunkSchema, 'The data of each event, before a last one of [DONE].')] },
    bad: [...withBody, 404, 429, 502, 503, 504],
  },
  { method: 'get', path: '/openapi.json', summary: 'This document.', good: { 200: json(z.record(z.string(), z.unknown())) }, bad: [] },
];

/** Draft 2020-12 is the dialect of OpenAPI 3.1, so that it need not be named at each place. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function responsesOf({ path, good, bad }: Operation): OpenApiOperation['responses'] {
  const error = schemaOf(path.startsWith('/v1/') ? openAiErrorSchema : errorSchema, 'output');
  const errors = [...bad, ...anywhere].map((status) => [
    status,
    { description: 'An error.', content: { 'application/json': { schema: error } } },
  ]);
  const answers = Object.entries(good).map(([status, contents]) => {
    const content = contents.map(({ type, schema, what }) => [
      type,
      { schema: { ...schemaOf(schema, 'output'), ...(what ? { description: what } : {}) } },
    ]);
    return [status, { description: 'The answer.', content: Object.fromEntries(content) }];
  });
  return Object.fromEntries([...answers, ...errors]);
}

function parametersOf({ path, query }: Operation): OpenApiOperation['parameters'] {
  const inPath = path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : [];
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemaOf(schema as z.ZodType, 'input'),
  }));
  return [...inPath, ...inQuery];
}

function operationOf(operation: Operation): OpenApiOperation {
  const { summary, body } = operation;
  const requestBody = body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } } : {};
  return { summary, parameters: parametersOf(operation), ...requestBody, responses: responsesOf(operation) };
}

/** The document of the running service. */
export function openApiDocument({ service, version }: { service: string; version: string }): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations) paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation) };
  const description = 'A companion on this machine. The sockets /ws/chat and /ws/session are described in docs/sockets.md.';
  return { openapi: '3.1.0', info: { title: service, version, description }, paths };
}
