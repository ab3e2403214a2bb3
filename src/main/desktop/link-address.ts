/** @file Reads an address that somebody's words contain; what is not plainly a web or mail address does not leave the program. */

/** Longest address that is opened, in characters: what browsers and mail programs agree on. */
const LONGEST = 2_048;
/** Fields a mail address may fill in; `attach` and its kin would hand over files. */
const MAIL_FIELDS = new Set(['subject', 'body']);

/** A web address with both slashes and a host that neither name nor password stands before, or a mail address. */
const form = /^(https?:\/\/[^/@?#]+([/?#]|$)|mailto:[^/])/i;

/** `shown` is what the person is asked about: the host in its ASCII form, or the mail address. */
export type Link = { href: string; shown: string; opens: 'browser' | 'mail' };

/** Printable ASCII or letters beyond it: no blanks, controls, backslashes, quotes, or characters that turn the direction of reading. */
function isPlain(address: string): boolean {
  return !/[\s\\"'<>`\p{C}\p{Z}]/u.test(address);
}

function readMail(url: URL): Link | undefined {
  const to = decodeOrNothing(url.pathname);
  if (to === undefined || !/^[^\s@,;:<>"\p{C}]{1,64}@[A-Za-z0-9.-]{1,255}$/u.test(to)) return undefined;
  if (![...url.searchParams.keys()].every((field) => MAIL_FIELDS.has(field.toLowerCase()))) return undefined;
  return { href: url.href, shown: to, opens: 'mail' };
}

function decodeOrNothing(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Half an escape is no address.
    return undefined;
  }
}

/** The address as it may be opened; undefined where it may not: another scheme, a name and password in it, too long, or disguised. */
export function readLink(address: unknown): Link | undefined {
  if (typeof address !== 'string' || address.length > LONGEST || !isPlain(address)) return undefined;
  if (!form.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.href.length > LONGEST) return undefined;
  return url.protocol === 'mailto:' ? readMail(url) : { href: url.href, shown: url.host, opens: 'browser' };
}
