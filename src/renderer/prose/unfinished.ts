/** @file The end of a text that is still being written, drawn as what it will become, so that nothing changes kind when it closes. */

const TABLE_ROW = /^ {0,3}\|.*$/;
const TABLE_RULE = /^ {0,3}\|?[\s:|-]*$/;
/** The beginning of a mark that says nothing yet: a bullet, a number, a rule, an underline, a fence, a hash. */
const BARE_MARK = /^ {0,3}(?:[-*+_=#>`~]{1,6}|\d{1,9}[.)]?)\s*$/;

/** Leaves out a last line that is only the beginning of a mark: "-" alone would turn the line above into a heading. */
function withoutBareMark(source: string): string {
  const at = source.lastIndexOf('\n');
  return BARE_MARK.test(source.slice(at + 1)) ? source.slice(0, Math.max(at, 0)) : source;
}

/** A first table row becomes a table before its rule has come. */
function withTableRule(source: string): string {
  const lines = source.split('\n');
  const start = lines.findLastIndex((line) => line.trim() === '') + 1;
  const [header = '', rule, ...rows] = lines.slice(start);
  if (!TABLE_ROW.test(header) || rows.length > 0 || !(rule === undefined || TABLE_RULE.test(rule))) return source;
  const columns = header.split('|').filter((cell) => cell.trim() !== '').length;
  const whole = header.trimEnd().endsWith('|') ? header : `${header} |`;
  return [...lines.slice(0, start), whole, `|${' --- |'.repeat(Math.max(columns, 1))}`].join('\n');
}

/** Closes what stands open at the end: code, bold, italic, struck out. */
function withClosedMarks(source: string): string {
  const at = source.lastIndexOf('\n\n') + 1;
  const last = source.slice(at);
  const ticks = last.split('`').length - 1;
  if (ticks % 2 === 1) return /`\s*$/.test(last) ? source.replace(/`\s*$/, '') : `${source}\``;
  const plain = last.replace(/`[^`]*`/g, '').replace(/^\s*[*+-]\s/gm, '');
  const open: string[] = [];
  for (const [mark] of plain.matchAll(/\*\*\*|\*\*|\*|~~/g)) {
    if (open.at(-1) === mark) open.pop();
    else open.push(mark);
  }
  if (open.length === 0) return source;
  // A mark with nothing after it is not a mark yet.
  const trimmed = source.replace(/(?:\*{1,3}|~{1,2})\s*$/, '');
  if (trimmed !== source) return withClosedMarks(trimmed);
  return `${source.trimEnd()}${open.reverse().join('')}`;
}

/** A link whose address is not complete is drawn as its text. */
function withoutHalfLink(source: string): string {
  return source.replace(/(!?)\[([^\]\n]*)\]\([^)\s]*$/, (_, image: string, text: string) => (image ? '' : text)).replace(/!?\[$/, '');
}

/** What is drawn in the place of the unfinished last block; never for code blocks of their own. */
export function mendUnfinished(source: string): string {
  return withClosedMarks(withoutHalfLink(withTableRule(withoutBareMark(source))));
}
