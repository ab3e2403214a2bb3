/** @file The mood of a message: tidied first, then scored, and only so much of it. */
import { describe, expect, it } from 'vitest';
import { MOOD_CHARACTERS } from '../../../shared/limits.ts';
import { readMood } from './mood.ts';
import { scoreText } from './vader.ts';

describe('readMood', () => {
  it.each([
    ['this isn\u2019t good', "this isn't good"],
    ['I love you \u2764\ufe0f', 'I love you \u2764'],
    ['thanks\n```\nkill all bad errors\n```', 'thanks'],
    ['> I hate this\nwhat a lovely day', 'what a lovely day'],
    ['so nice: https://example.com/worst-hate-ever', 'so nice:'],
    ['use `kill` please', 'use please'],
  ])('[V9] reads %j as %j', (message, words) => {
    expect(readMood(message)).toEqual(scoreText(words));
    expect(scoreText(message)).not.toEqual(scoreText(words));
  });

  it('[V9] leaves a plain message as it is', () => {
    expect(readMood('What a WONDERFUL morning, but my knee hurts :(')).toEqual(scoreText('What a WONDERFUL morning, but my knee hurts :('));
  });

  it('[V9] says nothing about a message without own words', () => {
    expect(readMood('```\nterrible\n```')).toEqual({ compound: 0, positive: 0, negative: 0, neutral: 0 });
  });

  it('[V10] scores the first MOOD_CHARACTERS of the own words and nothing after them', () => {
    const filling = `${'table '.repeat(MOOD_CHARACTERS / 6)}`.slice(0, MOOD_CHARACTERS - 5);
    expect(readMood(`${filling} good`)).toEqual(scoreText(`${filling} good`));
    expect(readMood(`${filling} good`).compound).toBeGreaterThan(0);
    expect(readMood(`${filling} table good`).compound).toBe(0);
    expect(readMood(`\`${'code '.repeat(MOOD_CHARACTERS)}\` good`).compound).toBe(0.4404);
  });

  it('[V10] does not end within a word', () => {
    const filling = 'table '.repeat(MOOD_CHARACTERS).slice(0, MOOD_CHARACTERS - 5);
    expect(readMood(`${filling} goodbye`).compound).toBe(0);
    expect(readMood('a'.repeat(2 * MOOD_CHARACTERS))).toEqual({ compound: 0, positive: 0, negative: 0, neutral: 1 });
  });
});
