/** @file How the person's words sounded, as a direction and in words. */
import type { Message } from '../../shared/conversation.ts';
import { type Direction, directionOf, type Mood, type ToneCurve } from '../../shared/mood.ts';
import { toneDefaults } from '../../shared/tone-limits.ts';
import type { WindowState } from '../state/window-state.ts';

export type Thresholds = Pick<ToneCurve, 'warmAbove' | 'lowBelow'>;

/** Where the person set them, else where they stand before anybody does. */
export const thresholdsOf = ({ told }: Pick<WindowState, 'told'>): Thresholds => told?.settings.tone ?? toneDefaults;

/** How a message sounded: as its reply took it, or by today's thresholds where there is none yet. */
export function soundOf(message: Pick<Message, 'mood'>, reply: Message | undefined, thresholds: Thresholds): Direction {
  const tone = reply?.role === 'assistant' ? reply.report?.tone : undefined;
  if (tone) return tone.direction;
  return message.mood ? directionOf(message.mood, thresholds) : 'steady';
}

/** "+0.62", with a true minus sign. */
export function signed(score: number): string {
  const rounded = score.toFixed(2);
  if (Number(rounded) === 0) return '0.00';
  return score > 0 ? `+${rounded}` : rounded.replace('-', '−');
}

export const moodWords = (direction: Direction, mood: Mood): string => `${direction} ${signed(mood.compound)}`;
