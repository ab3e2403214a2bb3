import { createArchives } from './src/main/adapters/characters/archives.ts';
import { cardText } from './src/main/engine/cards/edits.ts';
import { notFollowed } from './src/main/engine/cards/honour.ts';
import { readCard } from './src/main/engine/cards/import-card.ts';
import { readJson } from './src/main/engine/cards/json-text.ts';
import { plainOptions, readCharacter } from './src/main/engine/cards/read-character.ts';
import { hostileCards } from './test/kit/hostile-cards.ts';
import { collection } from './test/kit/cards.ts';
import { createFakeClock } from './test/kit/fake-clock.ts';
import { memoryLibrary } from './test/kit/memory-library.ts';
const library = memoryLibrary(createFakeClock());
for (const { name, bytes } of collection) library.preview({ name, bytes });
const bytes = hostileCards.find(({ name }) => name === process.argv[2])!.make();
const archives = createArchives();
const t = <T>(what: string, f: () => T): T => { const b = performance.now(); const r = f(); console.log(what, (performance.now() - b).toFixed(1)); return r; };
for (let i = 0; i < 3; i++) {
  console.log('--');
  t('readJson', () => readJson(bytes));
  const card = t('readCard', () => readCard(bytes, archives));
  const ch = t('readCharacter', () => readCharacter('x', card.document, plainOptions)!);
  t('notFollowed', () => notFollowed(ch, card.document, 0));
  const text = t('cardText', () => cardText(card.document));
  t('stringify text', () => JSON.stringify(text));
  t('stringify', () => JSON.stringify(card.document, null, 2));
  t('preview', () => library.preview({ name: 'x', bytes }));
}
