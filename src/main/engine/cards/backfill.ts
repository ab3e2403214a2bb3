/** @file The same card for programs that know V2 alone: without what only V3 has, and with a line that says so. */
import { type CardDocument, complete, dataOf, put } from './document.ts';
import { fieldOf, type Json, type JsonObject, listOf, objectOf, textOf } from './loose.ts';

const NOTICE = 'This is the V2 form of a V3 card; a program that reads V3 shows more of it.';
const newerFields = [
  'assets',
  'nickname',
  'creator_notes_multilingual',
  'source',
  'group_only_greetings',
  'creation_date',
  'modification_date',
];

/** Decorators are lines at the head that begin with @@; V2 programs would take them for text. */
export function withoutDecorators(content: string): string {
  if (!/^\s*@@/.test(content)) return content;
  const lines = content.split('\n');
  const first = lines.findIndex((line) => !/^\s*(?:@@.*)?$/.test(line));
  return first < 0 ? '' : lines.slice(first).join('\n');
}

function plainBook(book: JsonObject): JsonObject {
  const entries = listOf(fieldOf(book, 'entries')).map((entry): Json => {
    const { use_regex: _, ...rest } = objectOf(entry);
    return { ...rest, content: withoutDecorators(textOf(fieldOf(entry, 'content'))) };
  });
  return { ...book, entries };
}

export function asV2(document: CardDocument): CardDocument {
  const data: JsonObject = {};
  for (const [key, value] of Object.entries(dataOf(complete(document)))) if (!newerFields.includes(key)) put(data, key, value);
  const notes = textOf(fieldOf(data, 'creator_notes'));
  const book = objectOf(fieldOf(data, 'character_book'));
  if (Object.keys(book).length > 0) data['character_book'] = plainBook(book);
  data['creator_notes'] = notes.includes(NOTICE) ? notes : [NOTICE, notes].filter((part) => part !== '').join('\n\n');
  return { spec: 'chara_card_v2', spec_version: '2.0', data };
}
