/** @file The mood of a person's message, for the tone of the reply: what is scored is tidied first, unlike POST /api/sentiment. */
import { MOOD_CHARACTERS } from '../../../shared/limits.ts';
import type { Mood } from '../../../shared/mood.ts';
import { ownWords } from './own-words.ts';
import { scoreText } from './vader.ts';

/** Apostrophes as phones and word processors type them; the word rules know the straight one only. */
const CURLY_APOSTROPHES = /[\u2018\u2019\u02bc\uff07]/g;
/** The mark after an emoji that asks for its coloured form; with it the word list would not know the emoji's name. */
const EMOJI_FORM = /\ufe0f/g;

/** Scores the person's own words in a message, at most the first `MOOD_CHARACTERS` of them. */
export function readMood(message: string): Mood {
  const words = ownWords(message).replace(CURLY_APOSTROPHES, "'").replace(EMOJI_FORM, '');
  return scoreText(firstWords(words, MOOD_CHARACTERS));
}

/** At most so many characters, ending with a whole word where there is more than one. */
function firstWords(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let end = characters;
  while (end > 0 && !/\s/.test(text.charAt(end))) end -= 1;
  return text.slice(0, end > 0 ? end : characters);
}
