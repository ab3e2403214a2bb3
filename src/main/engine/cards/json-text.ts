/** @file The JSON of a foreign card: looked at before it is parsed, so that neither depth nor number nor size can hurt. */
import { CARD_JSON_BYTES, CARD_JSON_DEPTH, CARD_JSON_VALUES } from '../../../shared/card-limits.ts';
import { Fault } from '../../../shared/faults.ts';
import { type JsonObject, objectOf } from './loose.ts';

const utf8 = new TextDecoder();
const mebibytes = CARD_JSON_BYTES / 1024 / 1024;

export const tooLarge = (what: string) => new Fault('too-large', `${what}; nothing was added, so choose another file.`);
export const unreadable = (what: string) => new Fault('bad-request', `${what}; nothing was added, so choose another file.`);

/** Where the string that begins at this quotation mark ends. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== 34) at += bytes[at] === 92 ? 2 : 1;
  return at;
}

/** Counts levels and values outside of strings, in one pass over the bytes: no sign of JSON is part of another one in UTF-8. */
function measure(bytes: Uint8Array): void {
  let depth = 0;
  let values = 0;
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes[index];
    if (code === 34) index = endOfString(bytes, index);
    else if (code === 44) values += 1;
    else if (code === 91 || code === 123) {
      depth += 1;
      values += 1;
      if (depth > CARD_JSON_DEPTH) throw unreadable('This card is nested deeper than any card is');
    } else if (code === 93 || code === 125) depth -= 1;
    if (values > CARD_JSON_VALUES) throw tooLarge('This card holds more values than any card does');
  }
}

export type ReadJson = { value: JsonObject /** Exactly what was parsed. */; text: string };

/** Throws Fault('bad-request') or Fault('too-large'), whose words never quote the text. */
export function readJson(bytes: Uint8Array): ReadJson {
  if (bytes.length > CARD_JSON_BYTES) throw tooLarge(`The words of this card are longer than ${mebibytes} MiB`);
  measure(bytes);
  const text = utf8.decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable('The words of this card cannot be read, because they are damaged or no card at all');
  }
  return { value: objectOf(value), text };
}
