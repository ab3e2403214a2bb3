/** @file What the guard needs to know, read out of a request's headers. */
import type { IncomingMessage } from 'node:http';
import type { Caller } from './guard.ts';

export type CallerOptions = {
  isToken: (presented: string) => boolean;
  route: Caller['route'];
};

/** The caller as the guard sees it. A header that was sent twice is joined, so that it equals nothing in a list. */
export function callerOf(request: IncomingMessage, options: CallerOptions): Caller {
  return {
    method: request.method ?? '',
    host: onlyOne(request.headersDistinct['host']),
    origin: joined(request.headersDistinct['origin']),
    fetchSite: joined(request.headersDistinct['sec-fetch-site']),
    token: tokenState(request, options.isToken),
    route: options.route,
  };
}

/** Every credential that is shown has to be right; one that is not a bearer token is a wrong one. */
function tokenState(request: IncomingMessage, isToken: (presented: string) => boolean): Caller['token'] {
  const shown = [
    ...(request.headersDistinct['authorization'] ?? []).map((value) => /^bearer (.*)$/i.exec(value)?.[1]?.trim() ?? ''),
    ...offeredProtocols(request)
      .filter((name) => name.startsWith('bearer.'))
      .map((name) => name.slice('bearer.'.length)),
  ];
  if (shown.length === 0) return 'none';
  return shown.every(isToken) ? 'right' : 'wrong';
}

function offeredProtocols(request: IncomingMessage): string[] {
  return (request.headersDistinct['sec-websocket-protocol'] ?? []).flatMap((value) => value.split(',')).map((name) => name.trim());
}

function onlyOne(values: string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}

function joined(values: string[] | undefined): string | undefined {
  return values?.join(', ');
}

/** The path without its query, as it was sent: nothing is decoded, so that only exact spellings match a route. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
