/** @file What a person changed in a card, put into its document; everything that was not changed stays as it was. */
import { LORE_ENTRIES } from '../../../shared/card-limits.ts';
import type { Character } from '../../../shared/character.ts';
import { type CardText, emptyWords, type LoreText } from '../../../shared/characters.ts';
import type { LoreEntry } from '../../../shared/lorebook.ts';
import { type CardDocument, dataOf, put } from './document.ts';
import { fieldOf, type Json, type JsonObject, listOf, objectOf, textOf } from './loose.ts';
import { plainOptions, readCharacter } from './read-character.ts';

const fieldNames = {
  name: 'name',
  nickname: 'nickname',
  description: 'description',
  personality: 'personality',
  scenario: 'scenario',
  systemPrompt: 'system_prompt',
  firstMessage: 'first_mes',
  alternateGreetings: 'alternate_greetings',
  groupOnlyGreetings: 'group_only_greetings',
  messageExamples: 'mes_example',
  postHistory: 'post_history_instructions',
  tags: 'tags',
  creatorNotes: 'creator_notes',
  creator: 'creator',
  characterVersion: 'character_version',
} as const;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function rawEntries(document: CardDocument): unknown[] {
  const entries = fieldOf(fieldOf(dataOf(document), 'character_book'), 'entries');
  return Array.isArray(entries) ? listOf(entries) : Object.values(objectOf(entries));
}

function loreText(entry: LoreEntry, from: number, raw: unknown): LoreText {
  const { enabled, constant, keys, secondaryKeys, selective, secondaryLogic, caseSensitive, patterns, order, priority, position } = entry;
  const name = entry.name || entry.comment;
  const content = textOf(fieldOf(raw, 'content'));
  const found = { keys, secondaryKeys, selective, secondaryLogic, caseSensitive, patterns };
  return { from, name, enabled, constant, ...found, order, priority, position, content };
}

function wordsOf(character: Character) {
  const { id: _, accent: __, options: ___, lorebook: ____, ...words } = character;
  return words;
}

/** The card's words as an editor shows them; lorebook entries with their decorators, and with the place they have in the document. */
export function cardText(document: CardDocument): CardText {
  const character = readCharacter('-', document, plainOptions);
  const words = character ? wordsOf(character) : emptyWords;
  const raw = rawEntries(document);
  const { scanDepth, tokenBudget, recursive = false, entries = [] } = character?.lorebook ?? {};
  const limits = { ...(scanDepth === undefined ? {} : { scanDepth }), ...(tokenBudget === undefined ? {} : { tokenBudget }) };
  return { ...words, book: { ...limits, recursive }, lore: entries.map((entry, from) => loreText(entry, from, raw[from])) };
}

const entryNames = {
  name: 'name',
  enabled: 'enabled',
  constant: 'constant',
  keys: 'keys',
  secondaryKeys: 'secondary_keys',
  selective: 'selective',
  caseSensitive: 'case_sensitive',
  order: 'insertion_order',
  priority: 'priority',
  content: 'content',
} as const;

function editedEntry(text: LoreText, before: LoreText | undefined, raw: unknown): Json {
  const entry: JsonObject = { ...(before ? objectOf(raw) : { extensions: {}, use_regex: false }) };
  for (const [name, key] of Object.entries(entryNames)) {
    const value = text[name as keyof typeof entryNames];
    if (!before || !same(value, before[name as keyof typeof entryNames])) put(entry, key, value);
  }
  if (!before || text.position !== before.position) put(entry, 'position', text.position === 'before' ? 'before_char' : 'after_char');
  return entry;
}

function editedBook(document: CardDocument, text: CardText, before: CardText): JsonObject | undefined {
  if (same([text.book, text.lore], [before.book, before.lore])) return undefined;
  const raw = rawEntries(document);
  const book = objectOf(fieldOf(dataOf(document), 'character_book'));
  const entries = text.lore.map((entry) =>
    editedEntry(entry, entry.from === undefined ? undefined : before.lore[entry.from], raw[entry.from ?? -1]),
  );
  const { scan_depth: _, token_budget: __, ...rest } = book;
  return {
    extensions: {},
    ...rest,
    ...(text.book.scanDepth === undefined ? {} : { scan_depth: text.book.scanDepth }),
    ...(text.book.tokenBudget === undefined ? {} : { token_budget: text.book.tokenBudget }),
    recursive_scanning: text.book.recursive,
    // What is beyond the number that is read stays as it is.
    entries: [...entries, ...(raw.slice(LORE_ENTRIES) as Json[])],
  };
}

/** The document after the edit; the same object where nothing was changed. `at` is ms since 1970. */
export function withEdits(document: CardDocument, text: CardText, at: number): CardDocument {
  const before = cardText(document);
  const data: JsonObject = { ...dataOf(document) };
  let changed = false;
  for (const [name, key] of Object.entries(fieldNames)) {
    const value = text[name as keyof typeof fieldNames];
    if (same(value, before[name as keyof typeof fieldNames])) continue;
    put(data, key, value);
    changed = true;
  }
  const book = editedBook(document, text, before);
  if (book) {
    if (text.lore.length === 0 && Object.keys(book).length <= 3) delete data['character_book'];
    else data['character_book'] = book;
  }
  if (!changed && !book) return document;
  data['modification_date'] = Math.floor(at / 1000);
  return { ...document, data };
}

/** The card's own corner in `extensions`, in which its colour travels. */
export function withAccent(document: CardDocument, accent: { hue: number; chroma: number }): CardDocument {
  const data = dataOf(document);
  const extensions = objectOf(fieldOf(data, 'extensions'));
  const own = objectOf(fieldOf(extensions, 'persona_engine'));
  if (same(own['accent'], accent)) return document;
  return { ...document, data: { ...data, extensions: { ...extensions, persona_engine: { ...own, accent } } } };
}
