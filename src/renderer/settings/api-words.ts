/** @file Who came in and what they asked, in words. */
import type { DoorClient, DoorStatus } from '../../shared/door.ts';
import { stamp } from '../conversation/when.ts';

const counted = (count: number, one: string, many: string) => (count === 1 ? one : `${count} ${many}`);

/** "POST /api/chat at 21:14, 3 requests, connected". */
export function clientWords({ route, at, requests, open }: DoorClient, now: number): string {
  const state = open > 0 ? (open === 1 ? ', connected' : `, ${open} connections`) : '';
  return `${route} at ${stamp(at, now)}, ${counted(requests, 'one request', 'requests')}${state}`;
}

/** How many are there now, and how many were sent away. */
export function visitWords({ clients, refused }: Pick<DoorStatus, 'clients' | 'refused'>): string {
  const here = clients.filter(({ open }) => open > 0).length;
  const now = here === 0 ? 'No program is connected.' : `${counted(here, 'One program is', 'programs are')} connected.`;
  const away = refused === 0 ? '' : ` ${counted(refused, 'One request was', 'requests were')} not let in.`;
  return now + away;
}

/** Host names and addresses as people write them; engines differ in what else they would take for one. */
const written = /^(https?:\/\/)?([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?([/?#].*)?$/i;

/** An origin as a browser sends it, out of what a person typed; undefined where it is none. */
export function originIn(typed: string): string | undefined {
  const text = typed.trim();
  if (!written.test(text)) return undefined;
  const address = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}
