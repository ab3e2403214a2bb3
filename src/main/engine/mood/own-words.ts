/** @file The person's own words in a message: without code, quoted lines and addresses. Time in proportion to the message. */
import { VALENCES } from './word-list.ts';

/** An open code fence: the mark it is made of and how long it is. */
type Fence = { readonly mark: string; readonly length: number };

/** Most spaces before a Markdown block mark; with more it is no mark. */
const INDENT = 3;
const SHORTEST_FENCE = 3;
/** A drive letter ("C://") is no scheme. */
const SHORTEST_SCHEME = 2;

/** Leaves out fenced and inline code, quoted lines and URLs; the rest stays in its order. */
export function ownWords(message: string): string {
  const paragraphs = ownParagraphs(message.split(/\r\n?|\n/));
  return withoutAddresses(paragraphs.map((lines) => withoutInlineCode(lines.join('\n'))).join('\n\n'));
}

/** Runs of lines that are neither blank nor quoted nor fenced; a code span never crosses from one to the next. */
function ownParagraphs(lines: readonly string[]): string[][] {
  const paragraphs: string[][] = [];
  let current: string[] = [];
  let open: Fence | undefined;
  for (const line of lines) {
    const fence = fenceOf(line);
    const own = !open && !fence && !isQuoted(line) && line.trim() !== '';
    if (open) open = fence && closes(line, fence, open) ? undefined : open;
    else open = fence;
    if (own) current.push(line);
    else if (current.length > 0) {
      paragraphs.push(current);
      current = [];
    }
  }
  return current.length > 0 ? [...paragraphs, current] : paragraphs;
}

function fenceOf(line: string): Fence | undefined {
  const start = blockStart(line);
  const mark = line[start];
  if (mark !== '`' && mark !== '~') return undefined;
  let length = 0;
  while (line[start + length] === mark) length += 1;
  if (length < SHORTEST_FENCE) return undefined;
  // Backticks later in the line make it a code span within a sentence.
  return mark === '`' && line.includes(mark, start + length) ? undefined : { mark, length };
}

function closes(line: string, fence: Fence, open: Fence): boolean {
  return fence.mark === open.mark && fence.length >= open.length && line.trim().length === fence.length;
}

/** A line that begins with ">", unless that begins an emoticon such as ">:(". */
function isQuoted(line: string): boolean {
  const start = blockStart(line);
  if (line[start] !== '>') return false;
  const [first = ''] = line.slice(start).split(/\s/, 1);
  return !VALENCES.has(first.toLowerCase());
}

function blockStart(line: string): number {
  let start = 0;
  while (start < INDENT && line[start] === ' ') start += 1;
  return start;
}

/** Leaves out what stands between two equally long runs of backticks; a run without a partner is a plain mark. */
function withoutInlineCode(paragraph: string): string {
  if (!paragraph.includes('`')) return paragraph;
  const runs = Array.from(paragraph.matchAll(/`+/g), ({ index, 0: { length } }) => ({ index, length }));
  const partners = partnersOf(runs.map(({ length }) => length));
  let kept = '';
  let copied = 0;
  for (let at = 0; at < runs.length; at += 1) {
    const opener = runs[at];
    const partner = partners[at];
    const closer = partner === undefined ? undefined : runs[partner];
    if (!opener || !closer || partner === undefined) continue;
    kept += `${paragraph.slice(copied, opener.index)} `;
    copied = closer.index + closer.length;
    at = partner;
  }
  return kept + paragraph.slice(copied);
}

/** For each run the next one of the same length. */
function partnersOf(lengths: readonly number[]): (number | undefined)[] {
  const next = new Map<number, number>();
  const partners: (number | undefined)[] = [];
  for (let at = lengths.length - 1; at >= 0; at -= 1) {
    const length = lengths[at] ?? 0;
    partners[at] = next.get(length);
    next.set(length, at);
  }
  return partners;
}

function withoutAddresses(text: string): string {
  if (!text.includes('://') && !/www\./i.test(text)) return text;
  return text.replace(/\S+/g, withoutAddress);
}

/** One token without the address in it; a word before it ("[great](https://…)") and the feeling after it ("!") stay. */
function withoutAddress(token: string): string {
  const start = addressStart(token);
  if (start < 0) return token;
  const before = token.slice(0, start);
  return (/[\p{L}\p{N}]/u.test(before) ? before : '') + closingMarks(token, start);
}

function addressStart(token: string): number {
  const [bare] = /^[^a-z\d]{0,3}(?=www\.)/i.exec(token) ?? [];
  if (bare !== undefined) return bare.length;
  const colon = token.indexOf('://');
  let start = colon;
  while (start > 0 && /[a-z]/i.test(token.charAt(start - 1))) start -= 1;
  return colon - start >= SHORTEST_SCHEME ? start : -1;
}

/** The ! and ? among the punctuation that a token ends in. */
function closingMarks(token: string, start: number): string {
  let end = token.length;
  while (end > start && '.,;:!?)]}>"\'*_'.includes(token.charAt(end - 1))) end -= 1;
  return token.slice(end).replace(/[^!?]/g, '');
}
