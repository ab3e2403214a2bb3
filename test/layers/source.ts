/** @file Reads a source file apart far enough to tell code from strings and comments, and finds what it imports. */

/** `code` has the length and lines of the text, with everything in strings, templates and comments blanked. */
export type Source = { path: string; text: string; code: string; strings: { at: number; value: string }[] };

export type Import = { specifier: string; line: number };

/** After these a slash begins a regular expression and not a division. */
const BEFORE_REGEX = /(?:[=(,:[!&|?;]|=>|\b(?:return|typeof|case|in|of))\s*$/;

type Reader = { text: string; at: number; code: string[]; strings: Source['strings']; depths: number[] };

export function readSource(path: string, text: string): Source {
  const reader: Reader = { text, at: 0, code: [], strings: [], depths: [] };
  while (reader.at < text.length) readNext(reader);
  return { path, text, code: reader.code.join(''), strings: reader.strings };
}

function readNext(reader: Reader): void {
  const { text, at } = reader;
  const two = text.slice(at, at + 2);
  const one = text.charAt(at);
  if (two === '//') blank(reader, ending(text, '\n', at));
  else if (two === '/*') blank(reader, ending(text, '*/', at + 2, 2));
  else if (one === "'" || one === '"') readString(reader, one);
  else if (one === '`') readTemplate(reader);
  else if (one === '/' && BEFORE_REGEX.test(reader.code.slice(-40).join(''))) readRegex(reader);
  else readCode(reader, one);
}

/** Braces are counted inside a template's holes, so that its text goes on where the hole ends. */
function readCode(reader: Reader, one: string): void {
  const inside = reader.depths.length - 1;
  const depth = reader.depths[inside];
  if (depth === 0 && one === '}') {
    reader.depths.pop();
    readTemplate(reader);
    return;
  }
  if (depth !== undefined && (one === '{' || one === '}')) reader.depths[inside] = depth + (one === '{' ? 1 : -1);
  reader.code.push(one);
  reader.at += 1;
}

/** A string ends at its quote or, where it is none (an apostrophe in a page's text), at the end of the line. */
function readString(reader: Reader, quote: string): void {
  const { text, at } = reader;
  let end = at + 1;
  while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  const isClosed = text[end] === quote;
  if (isClosed) reader.strings.push({ at, value: text.slice(at + 1, end) });
  blank(reader, isClosed ? end + 1 : at + 1);
}

/** Reads from a backtick, or from the brace that ends a hole, to the end of the template or its next hole. */
function readTemplate(reader: Reader): void {
  const { text } = reader;
  let end = reader.at + 1;
  while (end < text.length && text[end] !== '`' && text.slice(end, end + 2) !== '${') end += text[end] === '\\' ? 2 : 1;
  if (text.slice(end, end + 2) === '${') reader.depths.push(0);
  blank(reader, end + (text[end] === '`' ? 1 : 2));
}

function readRegex(reader: Reader): void {
  const { text, at } = reader;
  let end = at + 1;
  let inClass = false;
  while (end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/')) {
    if (text[end] === '[') inClass = true;
    if (text[end] === ']') inClass = false;
    end += text[end] === '\\' ? 2 : 1;
  }
  if (text[end] === '/') blank(reader, end + 1);
  else readCode(reader, '/');
}

function ending(text: string, mark: string, from: number, more = 0): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + more;
}

function blank(reader: Reader, end: number): void {
  const to = Math.min(end, reader.text.length);
  for (let index = reader.at; index < to; index += 1) reader.code.push(reader.text[index] === '\n' ? '\n' : ' ');
  reader.at = to;
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

/** What stands before the name of an imported file: `from`, a bare `import`, `import(`, `require(`. */
const BEFORE_SPECIFIER = /(?:^|[^.\w$])(?:from|import|import\s*\(|require\s*\(|require\.resolve\s*\()\s*$/;

/** Everything the file imports or exports from elsewhere, types too, with the line it stands on. */
export function importsOf({ code, text, strings }: Source): Import[] {
  return strings
    .filter(({ at }) => BEFORE_SPECIFIER.test(code.slice(Math.max(0, at - 60), at)))
    .map(({ at, value }) => ({ specifier: value, line: lineOf(text, at) }));
}

/** Places in the code, strings and comments aside, that a pattern finds: `path:line: what`. */
export function placesOf(source: Source, pattern: RegExp, what: string): string[] {
  return [...source.code.matchAll(pattern)].map((match) => `${source.path}:${lineOf(source.code, match.index)}: ${what}`);
}
