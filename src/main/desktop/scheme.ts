/** @file app://companion: the page's files and nothing else, each with a policy that lets nothing in from anywhere. */
import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import type { Log } from '../engine/ports.ts';
import { isOwnAddress, SCHEME } from './own-page.ts';
import { contentType, fileAt, type PageFiles } from './page-files.ts';
import { type Problem, problemFile } from './problem.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const safeHeaders = {
  'Content-Security-Policy': policy,
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Before the program is ready: an origin of its own, a secure context, and fetch for the page's own files. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

const answer = (status: number, type: string, body: BodyInit) =>
  new Response(body, { status, headers: { ...safeHeaders, 'Content-Type': type } });
const nothing = (status: number) => answer(status, 'text/plain; charset=utf-8', '');

export type Served = { files: PageFiles; problem(): Problem | undefined; logFile: string; log: Log };

async function respond(request: Request, { files, problem, logFile, log }: Served): Promise<Response> {
  if (request.method !== 'GET') return nothing(405);
  const trouble = problem();
  const page = trouble && isOwnAddress(request.url) ? problemFile(new URL(request.url).pathname, trouble, logFile) : undefined;
  if (page) return answer(200, page.type, page.body);
  const file = fileAt(files, request.url);
  if (file === undefined) return nothing(404);
  try {
    return answer(200, contentType(file), await readFile(file));
  } catch (error) {
    log.error('page-file-unreadable', { cause: error });
    return nothing(404);
  }
}

export function servePage(session: Session, served: Served): void {
  session.protocol.handle(SCHEME, (request) => respond(request, served));
}
