/** @file Which addresses a reply may link to, and how they are opened. */

const ALLOWED = ['http:', 'https:', 'mailto:'];

/** The address, where it is an absolute one of an allowed kind; else nothing. */
export function safeAddress(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  return ALLOWED.includes(new URL(address).protocol) ? address : undefined;
}
