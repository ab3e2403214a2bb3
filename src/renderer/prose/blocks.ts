/** @file Markdown in blocks: finished ones never change again, so that only the last is parsed anew while a reply is written. */
import { Lexer, type Token, type Tokens } from 'marked';
import { LIST_PIECE_ITEMS } from '../limits.ts';

export type Block = {
  /** Offset in the text: a block keeps it for as long as it exists. */
  key: number;
  source: string;
  /** Present where the block is a code block of its own. */
  code?: { text: string; language: string; closed: boolean };
};

export type Blocks = {
  text: string;
  all: readonly Block[];
  /** How many of `all` are finished, and where in the text they end. */
  finished: number;
  finishedEnd: number;
};

export const noBlocks: Blocks = { text: '', all: [], finished: 0, finishedEnd: 0 };

/** The last two blocks stay open: the next line may still join them into one. */
const OPEN_BLOCKS = 2;

/** Whether a fenced block has its closing fence. */
function isClosed(raw: string): boolean {
  const [, fence = ''] = /^ {0,3}(`{3,}|~{3,})/.exec(raw) ?? [];
  if (fence === '') return true;
  const last = raw.trimEnd().split('\n').slice(1).at(-1)?.trim() ?? '';
  return last.length >= fence.length && [...last].every((character) => character === fence[0]);
}

const isCode = (token: Token): token is Tokens.Code => token.type === 'code';

function toBlock(token: Token, key: number): Block {
  if (!isCode(token)) return { key, source: token.raw };
  const language = /^\S*/.exec(token.lang ?? '')?.[0] ?? '';
  return { key, source: token.raw, code: { text: token.text, language, closed: isClosed(token.raw) } };
}

const isList = (token: Token): token is Tokens.List => token.type === 'list';

/** A long list in pieces of so many items, so that its beginning is finished while its end is written. */
function inPieces(token: Token): Token[] {
  if (!isList(token) || token.items.length <= 2 * LIST_PIECE_ITEMS) return [token];
  const raws = token.items.map((item) => item.raw);
  const pieces: Token[] = [];
  for (let from = 0; from < raws.length; from += LIST_PIECE_ITEMS) {
    pieces.push({ type: 'list', raw: raws.slice(from, from + LIST_PIECE_ITEMS).join('') });
  }
  return pieces.reduce((length, piece) => length + piece.raw.length, 0) === token.raw.length ? pieces : [token];
}

function tokenise(text: string): Token[] {
  const lexer = new Lexer({ gfm: true });
  const tokens = lexer.blockTokens(text, []).flatMap(inPieces);
  const length = tokens.reduce((sum, token) => sum + token.raw.length, 0);
  // A lexer that lost a character would shift everything after it; one block is slow and right.
  return length === text.length ? tokens : [{ type: 'paragraph', raw: text, text }];
}

/** The blocks of a text that continues the one of `known`, or of any other text, from the beginning. */
export function splitBlocks(known: Blocks, raw: string): Blocks {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (text === known.text) return known;
  const base = text.startsWith(known.text) ? known : noBlocks;
  const all = base.all.slice(0, base.finished);
  let offset = base.finishedEnd;
  let finishedEnd = base.finishedEnd;
  let finished = base.finished;
  const tokens = tokenise(text.slice(offset));
  const blocks = tokens.filter((token) => token.type !== 'space').length;
  let seen = 0;
  for (const token of tokens) {
    if (token.type !== 'space') {
      all.push(reuse(base, toBlock(token, offset)));
      seen += 1;
      if (seen <= blocks - OPEN_BLOCKS) {
        finished += 1;
        finishedEnd = offset + token.raw.length;
      }
    }
    offset += token.raw.length;
  }
  return { text, all, finished, finishedEnd };
}

/** The same block as before where nothing changed in it, so that it is not drawn again. */
function reuse(base: Blocks, block: Block): Block {
  const same = base.all.slice(base.finished).find((other) => other.key === block.key && other.source === block.source);
  return same ?? block;
}
