/** @file Mood → sampling numbers, as a pure function. */
import type { Mood, Tone } from '../../shared/mood.ts';

/** The seed's thresholds: strictly above, strictly below. */
const WARM_ABOVE = 0.5;
const LOW_BELOW = -0.3;
const steps = {
  warm: { temperature: 0.15, topP: 0.05 },
  low: { temperature: -0.2, topP: -0.1 },
} as const;
/** Of a step, whatever was said before. */
const SMALLEST_SHARE = 0.25;
/** Earlier messages of the person that weigh on the size of a step. */
export const MOOD_MEMORY = 3;

type Direction = Tone['direction'];
export type Band = { low: number; high: number };

/** DeepSeek asks for 0.5-0.7 with R1 (its model card); a little above is still coherent. */
const r1Band: Band = { low: 0.5, high: 0.75 };
const anyBand: Band = { low: 0, high: 2 };

export function temperatureBand(modelName: string): Band {
  return /(?:^|[^a-z0-9])r1(?:[^a-z0-9]|$)/i.test(modelName) ? r1Band : anyBand;
}

export function direction(mood: Mood): Direction {
  if (mood.compound > WARM_ABOVE) return 'warm';
  return mood.compound < LOW_BELOW ? 'low' : 'steady';
}

/** How much of a step is taken: 1 with nothing before, less where the last messages pointed elsewhere. */
function share(now: Direction, earlier: Mood[]): number {
  if (earlier.length === 0) return 1;
  const agreement = earlier.map(direction).map((past): number => (past === now ? 1 : past === 'steady' ? 0.5 : 0));
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
  warm: 'You sounded glad, so she may be a little freer.',
  low: 'You sounded low, so she stays closer to the point.',
  steady: 'Nothing in your words called for a change.',
};

/** Sampling numbers for a reply to a message of this mood; `earlier` holds the moods of the person's last messages, newest first. */
export function toneFor(mood: Mood, earlier: Mood[], base: { temperature: number; topP: number; enabled: boolean }, band: Band): Tone {
  const now = direction(mood);
  if (!base.enabled) return { direction: now, temperature: base.temperature, topP: base.topP, reason: 'Tone is switched off.' };
  if (now === 'steady') return { direction: now, temperature: base.temperature, topP: base.topP, reason: words.steady };
  const part = share(now, earlier.slice(0, MOOD_MEMORY));
  const temperature = moved(base.temperature, steps[now].temperature * part, band);
  const topP = moved(base.topP, steps[now].topP * part, { low: 0.05, high: 1 });
  return { direction: now, temperature, topP, reason: words[now] };
}
