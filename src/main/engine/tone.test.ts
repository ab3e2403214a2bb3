/** @file Mood to sampling numbers. */
import { describe, expect, it } from 'vitest';
import type { Mood } from '../../shared/mood.ts';
import { temperatureBand, toneFor } from './tone.ts';

const mood = (compound: number): Mood => ({ compound, positive: 0, negative: 0, neutral: 1 });
const base = { temperature: 0.7, topP: 0.9, enabled: true };
const any = { low: 0, high: 2 };
const numbers = (...parameters: Parameters<typeof toneFor>) => {
  const { temperature, topP, direction } = toneFor(...parameters);
  return [direction, temperature, topP];
};

describe('tone', () => {
  it('[T50] keeps exactly the defaults between and on the thresholds', () => {
    for (const compound of [-0.3, -0.2999, 0, 0.5, 0.4999]) expect(numbers(mood(compound), [], base, any)).toEqual(['steady', 0.7, 0.9]);
  });
  it('[T51] takes the whole step beyond them', () => {
    expect(numbers(mood(0.5001), [], base, any)).toEqual(['warm', 0.85, 0.95]);
    expect(numbers(mood(-0.3001), [], base, any)).toEqual(['low', 0.5, 0.8]);
  });
  it('[T52] lets earlier messages decide the size alone, down to a quarter', () => {
    expect(numbers(mood(0.9), [mood(0.8), mood(0.7), mood(0.6)], base, any)).toEqual(['warm', 0.85, 0.95]);
    const [direction, temperature] = numbers(mood(0.9), [mood(-0.8), mood(-0.7), mood(-0.6)], base, any);
    expect(direction).toBe('warm');
    expect(temperature).toBeCloseTo(0.7375, 2);
  });
  it('[T53] stays in the band of R1 models and never moves the configured default', () => {
    expect(temperatureBand('hf.co/mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M')).toEqual({ low: 0.5, high: 0.75 });
    expect(temperatureBand('smollm2:135m')).toEqual({ low: 0, high: 2 });
    expect(numbers(mood(0.9), [], base, { low: 0.5, high: 0.75 })).toEqual(['warm', 0.75, 0.95]);
    expect(numbers(mood(0.9), [], { ...base, temperature: 1.2 }, { low: 0.5, high: 0.75 })).toEqual(['warm', 1.2, 0.95]);
    expect(numbers(mood(-0.9), [], { ...base, temperature: 0.2 }, { low: 0.5, high: 0.75 })).toEqual(['low', 0.2, 0.8]);
  });
  it('[T54] does nothing when it is switched off', () => {
    expect(numbers(mood(0.9), [], { ...base, enabled: false }, any)).toEqual(['warm', 0.7, 0.9]);
  });
});

describe('the curve', () => {
  const glad = { compound: 0.6, positive: 1, negative: 0, neutral: 0 };
  const any = { low: 0, high: 2 };

  it('[TN1] is what the person set: thresholds and steps, and exactly the defaults in between', () => {
    const curve = { warmAbove: 0.7, lowBelow: -0.5, warmTemperature: 0.3, warmTopP: 0, lowTemperature: -0.4, lowTopP: -0.2 };
    const base = { temperature: 0.7, topP: 0.9, enabled: true, curve };
    expect(toneFor(glad, [], base, any)).toMatchObject({ direction: 'steady', temperature: 0.7, topP: 0.9 });
    expect(toneFor({ ...glad, compound: 0.71 }, [], base, any)).toMatchObject({ direction: 'warm', temperature: 1, topP: 0.9 });
    expect(toneFor({ ...glad, compound: -0.51 }, [], base, any)).toMatchObject({ direction: 'low', temperature: 0.3, topP: 0.7 });
  });

  it('[TN2] stays inside a companion’s own limits, which never move what the person set, and can be off for one', () => {
    const base = { temperature: 0.7, topP: 0.9, enabled: true };
    expect(toneFor(glad, [], base, any, { highest: 0.8 })).toMatchObject({ direction: 'warm', temperature: 0.8, topP: 0.95 });
    expect(toneFor(glad, [], base, any, { highest: 0.5 })).toMatchObject({ temperature: 0.7 });
    expect(toneFor(glad, [], base, { low: 0.5, high: 0.75 }, { highest: 1 })).toMatchObject({ temperature: 0.75 });
    expect(toneFor(glad, [], base, any, { enabled: false })).toMatchObject({ direction: 'warm', temperature: 0.7, topP: 0.9 });
  });
});
