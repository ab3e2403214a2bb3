/** @file Mood → sampling numbers, as a pure function. */
import type { Character } from '../../shared/character.ts';
import { type Direction, directionOf, type Mood, type Tone, type ToneCurve } from '../../shared/mood.ts';
import { toneDefaults } from '../../shared/tone-limits.ts';

/** Of a step, whatever was said before. */
const SMALLEST_SHARE = 0.25;
/** Earlier messages of the person that weigh on the size of a step. */
export const MOOD_MEMORY = 3;

export type Band = { low: number; high: number };

/** DeepSeek asks for 0.5-0.7 with R1 (its model card); a little above is still coherent. */
const r1Band: Band = { low: 0.5, high: 0.75 };
const anyBand: Band = { low: 0, high: 2 };

export function temperatureBand(modelName: string): Band {
  return /(?:^|[^a-z0-9])r1(?:[^a-z0-9]|$)/i.test(modelName) ? r1Band : anyBand;
}

/** How much of a step is taken: 1 with nothing before, less where the last messages pointed elsewhere. */
function share(now: Direction, earlier: Mood[], curve: ToneCurve): number {
  if (earlier.length === 0) return 1;
  const agreement = earlier.map((mood) => directionOf(mood, curve)).map((past): number => (past === now ? 1 : past === 'steady' ? 0.5 : 0));
  const mean = agreement.reduce((sum, value) => sum + value, 1) / (agreement.length + 1);
  return Math.max(SMALLEST_SHARE, mean);
}

const round = (value: number) => Math.round(value * 1000) / 1000;
const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** The band bounds our offset and never moves the person's own default. */
function moved(base: number, offset: number, band: Band): number {
  return round(within(base + offset, Math.min(band.low, base), Math.max(band.high, base)));
}

const words: Record<Direction, string> = {
  warm: 'You sounded glad, so the reply may be a little freer.',
  low: 'You sounded low, so the reply stays closer to the point.',
  steady: 'Nothing in your words called for a change.',
};

/** What a person set for all companions. */
export type ToneBase = { temperature: number; topP: number; enabled: boolean; curve?: ToneCurve | undefined };

/** A companion's own limits inside the model's band; where they leave nothing the numbers stay as they are set. */
function narrowed(band: Band, own: CharacterTone): Band {
  return { low: Math.max(band.low, own.lowest ?? band.low), high: Math.min(band.high, own.highest ?? band.high) };
}
type CharacterTone = Partial<Character['options']['tone']>;

/** Sampling numbers for a reply to a message of this mood; `earlier` holds the moods of the person's last messages, newest first. */
export function toneFor(mood: Mood, earlier: Mood[], base: ToneBase, band: Band, own: CharacterTone = {}): Tone {
  const { temperature, topP, curve = toneDefaults } = base;
  const now = directionOf(mood, curve);
  const asSet = { direction: now, temperature, topP };
  if (!base.enabled) return { ...asSet, reason: 'Tone is switched off.' };
  if (own.enabled === false) return { ...asSet, reason: 'Tone is switched off for this companion.' };
  if (now === 'steady') return { ...asSet, reason: words.steady };
  const part = share(now, earlier.slice(0, MOOD_MEMORY), curve);
  const step = { warm: [curve.warmTemperature, curve.warmTopP], low: [curve.lowTemperature, curve.lowTopP] }[now] as [number, number];
  return {
    direction: now,
    temperature: moved(temperature, step[0] * part, narrowed(band, own)),
    topP: moved(topP, step[1] * part, { low: 0.05, high: 1 }),
    reason: words[now],
  };
}
