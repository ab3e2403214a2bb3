/** @file A text read letter by letter against the rules that say how it is read. */
import { expect, it } from 'vitest';
import { makeCorpus } from '../../../../test/bench/memory/corpus.ts';
import { createRandom } from '../../../../test/kit/random.ts';
import { calendarDay, dayNumber, daysIn } from './dates.ts';
import { createDictionary } from './dictionary.ts';
import { flagsOf } from './marks.ts';
import { isSmall, wordsOf } from './words.ts';

const SEED = 20_261_128;
const COUNT = process.env['TEST_LONG'] ? 200_000 : 20_000;
const today = calendarDay(dayNumber(2026, 4, 4));

/** What a sentence of days, names, numbers and odd signs is made of. */
const PIECES = [
  ...'yesterday|Today|tonight|this|morning|week|weekend|month|year|last|past|previous|ago|back|earlier|recently|lately|the other day|day before'.split(
    '|',
  ),
  ...'in|on|of|during|early|two|a few|a couple of|12|3rd|21st|1999|2026-05-04|5.5|20260504|may|Mays|march|sept|dec|December|decide|maybe|spring|monday|Mondays'.split(
    '|',
  ),
  ..."Anna|I|O’Neil|it’s|don't|rock'n'roll|you'll|two'hundred|a'b2|'90s|Zoë|naïve|über|日本語|x_1|two_x|co-op|e.g.|once|Twice|seven|hundred|dozen|ten|eleven|twelve|Three".split(
    '|',
  ),
  ..."?|,|.|…|—|–|-|“|”|‘|'|''|(|)|\n|\t|🙂|©|²|٣|\u0301|\u00a0|!|/|5May|May5|é".split('|'),
];

it(`[RC18] ${COUNT} random texts and made-up talk: the same words, the same marks, and no day is missed`, () => {
  const random = createRandom(SEED);
  const made = Array.from({ length: COUNT }, () => {
    const parts = Array.from({ length: random.whole(1, 9) }, () => random.pick(PIECES));
    return parts.reduce((text, part) => `${text}${random.chance(0.75) ? ' ' : ''}${part}`, '');
  });
  const texts = [...made, ...makeCorpus(7, 4).turns.map(({ text }) => text)];
  const dictionary = createDictionary(() => undefined);
  let [plain, days, marked] = [0, 0, 0];
  for (const text of texts) {
    const { words, flags, mayTellDays } = dictionary.glance(text);
    expect(
      words.map((word) => dictionary.spelling(word)),
      text,
    ).toEqual(wordsOf(text).filter((word) => !isSmall(word)));
    expect(flags, text).toBe(flagsOf(text));
    const told = daysIn(text, today);
    if (told) expect(mayTellDays, text).toBe(true);
    if (!mayTellDays) plain += 1;
    if (told) days += 1;
    if (flags !== 0) marked += 1;
  }
  console.log(`glance: seed ${SEED}, ${texts.length} texts, ${days} of days, ${marked} with marks, ${plain} that need no look for days`);
  expect(Math.min(plain, days, marked)).toBeGreaterThan(COUNT / 20);
});
