/** @file How the person's words sounded, as a direction and in words. */
import type { Mood } from '../../shared/mood.ts';
import { MOOD_LOW_BELOW, MOOD_WARM_ABOVE } from '../limits.ts';

export type Direction = 'low' | 'steady' | 'warm';

export function directionOf(mood: Mood | undefined): Direction {
  if (!mood) return 'steady';
  if (mood.compound > MOOD_WARM_ABOVE) return 'warm';
  return mood.compound < MOOD_LOW_BELOW ? 'low' : 'steady';
}

/** "+0.62", with a true minus sign. */
export function signed(score: number): string {
  const rounded = score.toFixed(2);
  if (Number(rounded) === 0) return '0.00';
  return score > 0 ? `+${rounded}` : rounded.replace('-', '−');
}

export function moodWords(mood: Mood): string {
  return `${directionOf(mood)} ${signed(mood.compound)}`;
}
