/** @file The HTTP routes: which there are, and what each answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { SENTIMENT_BODY_BYTES, SENTIMENT_TEXT_BYTES } from '../../shared/limits.ts';
import type { Health } from '../../shared/status.ts';
import type { Engine } from '../engine/contract.ts';
import { readJson } from './body.ts';
import type { Caller } from './guard.ts';
import type { Page } from './page.ts';
import { type Answer, errorAnswer, jsonAnswer } from './respond.ts';

export type RoutePorts = {
  engine: Engine;
  health: () => Health;
  page: Page;
  /** The paths that only a WebSocket can use. */
  socketPaths: readonly string[];
};

export type Visit = {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  /** False where a token is demanded and missing: then /health says its status alone. */
  full: boolean;
};

const sentimentSchema = z.object({ text: z.string() });

/** The kind of route, as the guard tells them apart. */
export function routeKind(page: Page, method: string, path: string): Caller['route'] {
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && path === '/health') return 'health';
  return reads && page.has(path) ? 'static' : 'other';
}

/** The answer to a request that was let in. */
export function answerVisit(ports: RoutePorts, visit: Visit): Promise<Answer> | Answer {
  const { path, request } = visit;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/health') return reads ? healthAnswer(ports.health(), visit.full) : wrongMethod('GET, HEAD');
  if (path === '/api/sentiment') return request.method === 'POST' ? sentimentAnswer(ports.engine, visit) : wrongMethod('POST');
  if (ports.socketPaths.includes(path)) return reads ? upgradeNeeded() : wrongMethod('GET');
  const file = ports.page.get(path);
  if (file) return reads ? file : wrongMethod('GET, HEAD');
  return errorAnswer({ status: 404, code: 'not-found', message: 'There is nothing at this address.' });
}

function healthAnswer(health: Health, full: boolean): Answer {
  return jsonAnswer(health.status === 'unhealthy' ? 503 : 200, full ? health : { status: health.status });
}

async function sentimentAnswer(engine: Engine, { request, response }: Visit): Promise<Answer> {
  const body = await readJson(request, response, SENTIMENT_BODY_BYTES);
  if ('refused' in body) return body.refused;
  const parsed = sentimentSchema.safeParse(body.value);
  if (!parsed.success)
    return errorAnswer({ status: 400, code: 'bad-request', message: 'The body has to be {"text": "…"}; nothing was done.' });
  const { text } = parsed.data;
  if (Buffer.byteLength(text) > SENTIMENT_TEXT_BYTES) {
    return errorAnswer({ status: 413, code: 'too-large', message: 'The text is longer than 64 KiB; nothing was done; send less.' });
  }
  const { compound, positive, negative, neutral } = engine.score(text);
  return jsonAnswer(200, { compound, positive, negative, neutral });
}

function wrongMethod(allow: string): Answer {
  return errorAnswer({ status: 405, code: 'method-not-allowed', message: `This address takes ${allow} only.`, headers: { Allow: allow } });
}

function upgradeNeeded(): Answer {
  return errorAnswer({
    status: 426,
    code: 'bad-request',
    message: 'This address speaks WebSocket only.',
    headers: { Upgrade: 'websocket', Connection: 'Upgrade' },
  });
}
