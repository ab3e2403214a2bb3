/** @file What the person's words sounded like, and what that did to the reply's sampling. */
import { z } from 'zod';

/** VADER scores: compound −1..1 to four decimals, the three shares 0..1 to three decimals. */
export const moodSchema = z.strictObject({
  compound: z.number().min(-1).max(1),
  positive: z.number().min(0).max(1),
  negative: z.number().min(0).max(1),
  neutral: z.number().min(0).max(1),
});
export type Mood = z.infer<typeof moodSchema>;

export const toneDirections = ['low', 'steady', 'warm'] as const;

/** The sampling numbers of one reply, and why they are what they are. */
export const toneSchema = z.strictObject({
  direction: z.enum(toneDirections),
  temperature: z.number(),
  topP: z.number(),
  reason: z.string(),
});
export type Tone = z.infer<typeof toneSchema>;

export type Direction = (typeof toneDirections)[number];

/** How words sound by these thresholds: strictly beyond one of them, or steady. */
export function directionOf(mood: Pick<Mood, 'compound'>, { warmAbove, lowBelow }: Pick<ToneCurve, 'warmAbove' | 'lowBelow'>): Direction {
  if (mood.compound > warmAbove) return 'warm';
  return mood.compound < lowBelow ? 'low' : 'steady';
}

/** Where mood moves the sampling numbers, and how far. */
export type ToneCurve = {
  warmAbove: number;
  lowBelow: number;
  warmTemperature: number;
  warmTopP: number;
  lowTemperature: number;
  lowTopP: number;
};
