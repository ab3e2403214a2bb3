/** @file The HTTP routes: which there are, and who answers each. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientIdSchema } from '../../shared/character.ts';
import type { Health } from '../../shared/status.ts';
import type { Engine } from '../engine/contract.ts';
import type { Clock, Log } from '../engine/ports.ts';
import { chatAnswer } from './chat-route.ts';
import { completionAnswer } from './completions.ts';
import { charactersAnswer, conversationAnswer, conversationsAnswer } from './conversation-routes.ts';
import type { Caller } from './guard.ts';
import { modelAnswer, modelsAnswer } from './openai-models.ts';
import { openApiDocument } from './openapi.ts';
import type { Page } from './page.ts';
import { refusals } from './refusals.ts';
import { type Answer, errorAnswer, jsonAnswer } from './respond.ts';
import { sentimentAnswer } from './sentiment-route.ts';
import type { Places } from './streams.ts';

export type RoutePorts = {
  engine: Engine;
  health: () => Health;
  page: Page;
  /** The paths that only a WebSocket can use. */
  socketPaths: readonly string[];
  places: Places;
  clock: Clock;
  log: Log;
};

export type Visit = {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  caller: Caller;
  /** False where a token is demanded and missing: then /health says its status alone. */
  full: boolean;
  /** Notes the words of the request, for the person to see. */
  asked: (words: string) => void;
};

/** streamed: the route has written the response itself. */
export type Visited = Answer | 'streamed';

export type Route = {
  method: 'GET' | 'POST';
  /** `{id}` stands for one part of a path. */
  path: string;
  answer: (ports: RoutePorts, visit: Visit, id: string) => Promise<Visited> | Visited;
};

/** Everything but the page's files and the sockets. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/health', answer: ({ health }, { full }) => healthAnswer(health(), full) },
  { method: 'POST', path: '/api/sentiment', answer: sentimentAnswer },
  { method: 'POST', path: '/api/chat', answer: chatAnswer },
  { method: 'GET', path: '/api/characters', answer: charactersAnswer },
  { method: 'GET', path: '/api/conversations', answer: conversationsAnswer },
  { method: 'GET', path: '/api/conversations/{id}', answer: conversationAnswer },
  { method: 'GET', path: '/v1/models', answer: modelsAnswer },
  { method: 'GET', path: '/v1/models/{id}', answer: modelAnswer },
  { method: 'POST', path: '/v1/chat/completions', answer: completionAnswer },
  { method: 'GET', path: '/openapi.json', answer: ({ health }) => jsonAnswer(200, openApiDocument(health())) },
];

/** The kind of route, as the guard tells them apart. */
export function routeKind(page: Page, method: string, path: string): Caller['route'] {
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && path === '/health') return 'health';
  return reads && page.has(path) ? 'static' : 'other';
}

/** The answer to a request that was let in. */
export function answerVisit(ports: RoutePorts, visit: Visit): Promise<Visited> | Visited {
  const { path, request } = visit;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const here = routes.flatMap((route) => placeOf(route, path));
  const found = here.find(({ route }) => (route.method === 'GET' ? reads : request.method === route.method));
  if (found) return found.route.answer(ports, visit, found.id);
  if (here[0]) return wrongMethod(here[0].route.method === 'GET' ? 'GET, HEAD' : here[0].route.method);
  if (ports.socketPaths.includes(path)) return reads ? upgradeNeeded() : wrongMethod('GET');
  const file = ports.page.get(path);
  if (file) return reads ? file : wrongMethod('GET, HEAD');
  return refusals.notFound;
}

/** The route with what stands for its `{id}`, where the path is one of its own; nothing is decoded. */
function placeOf(route: Route, path: string): { route: Route; id: string }[] {
  if (!route.path.endsWith('/{id}')) return route.path === path ? [{ route, id: '' }] : [];
  const before = route.path.slice(0, -'{id}'.length);
  const id = path.startsWith(before) ? path.slice(before.length) : '';
  return clientIdSchema.safeParse(id).success ? [{ route, id }] : [];
}

function healthAnswer(health: Health, full: boolean): Answer {
  return jsonAnswer(health.status === 'unhealthy' ? 503 : 200, full ? health : { status: health.status });
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
