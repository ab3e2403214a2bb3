/** @file What is the program's own page, and what of it may be trusted or granted. */

/** The scheme and host that every file of the window is served from. */
export const SCHEME = 'app';
export const ORIGIN = 'app://companion';
export const START_ADDRESS = `${ORIGIN}/`;

/** Whether an address belongs to the page; Node calls the origin of a scheme of our own "null", so it is taken apart here. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === 'app:' && host === 'companion' && username === '' && password === '';
}

/** Whether an address is the one document the window shows; loading that again is the only way it may navigate. */
export function isOwnDocument(address: string): boolean {
  if (!isOwnAddress(address)) return false;
  const { pathname, search } = new URL(address);
  return pathname === '/' && search === '';
}

/** Whether the window may ask for an address at all: its own files, and pictures it made itself. */
export function mayLoad(address: string): boolean {
  return isOwnAddress(address) || (address.startsWith('blob:') && isOwnAddress(address.slice('blob:'.length)));
}

/** Copying is the only thing a page may do beyond itself; every other permission is denied. */
export function isGranted(permission: string, requester: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnAddress(requester);
}

/** Who sent a message: the frame is null where it was gone before it could be asked. */
export type Sender = { contentsId: number; frame: { origin: string; parent: unknown; detached: boolean } | null };

/** Only the top frame of our own window, while it shows our own page, is heard. */
export function isTrustedSender(sender: Sender, windowContentsId: number): boolean {
  const { contentsId, frame } = sender;
  return contentsId === windowContentsId && frame !== null && frame.parent === null && !frame.detached && frame.origin === ORIGIN;
}
