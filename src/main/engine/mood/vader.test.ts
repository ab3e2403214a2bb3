/** @file The VADER rules one by one; the figures are the reference's own. test/mood-conformance.test.ts holds all of its cases. */
import { describe, expect, it } from 'vitest';
import { scoreText } from './vader.ts';
import { INTENSITIES } from './vader-words.ts';
import { EMOJI_NAMES, VALENCES } from './word-list.ts';

/** Texts with the reference's compound for them. */
type Compounds = readonly (readonly [text: string, compound: number])[];

const beside: Compounds = [
  ['I was not ANGRY and quite sorry today!!', 0.4999],
  ['I was slightly SORRY and happy today???', 0.5],
  ['I was not ANGRY and fine today!!', 0.5001],
  ['I was GOOD but boring today!!', -0.2999],
  ['I was slightly tired but sorry today??', -0.3],
  ['I was slightly LOVE but tired today!!', -0.3001],
];

const rules: Compounds = [
  ['no problem', 0.3089],
  ['no hope', -0.3412],
  ['No!', 0],
  ['no', -0.296],
  ['ok.', 0],
  ['ok', 0.296],
  ['good...', 0.4404],
  ['(good)', 0.4404],
  ["isn't good", -0.3412],
  ['isn\u2019t good', 0.4404],
  ['it was never so good', 0.6626],
  ['without doubt good', 0.6136],
  ['great But sad', -0.3818],
  ['an extreme failure', -0.5563],
  ['they say it is THE BOMB', 0.6124],
  ['we wait at a bus stop here', 0],
  ['she is a badass', 0.34],
  ['\u{1f600}', 0.3612],
  ['\u{1f600}good', 0.3612],
  ['\u2764', 0.6369],
  ['\u2764\ufe0f', 0],
  ['good\u0085bad', -0.1531],
  ['good\ufeffbad', 0],
  ['\u00c9\u00c9 GOOD', 0.4404],
];

describe('scoreText', () => {
  it('[V1] gives the reference score of the example sentence of the design', () => {
    expect(scoreText("I'm really excited about this!")).toEqual({ compound: 0.4561, positive: 0.427, negative: 0, neutral: 0.573 });
  });

  it.each(rules)('[V1] scores %j as %d', (text, compound) => {
    expect(scoreText(text).compound).toBe(compound);
  });

  it.each(beside)('[V2] scores %j as exactly %d, beside a threshold of tone', (text, compound) => {
    expect(scoreText(text).compound).toBe(compound);
    expect(scoreText(text).compound > 0.5).toBe(compound === 0.5001);
    expect(scoreText(text).compound < -0.3).toBe(compound === -0.3001);
  });

  it('[V6] knows the words of its list only, whatever else an object would answer to', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']) {
      expect(VALENCES.has(name)).toBe(false);
      expect(scoreText(name)).toEqual({ compound: 0, positive: 0, negative: 0, neutral: 1 });
      expect(scoreText(`good ${name}`)).toEqual(scoreText('good table'));
      expect(scoreText(`${name} good ${name} but ${name}`)).toEqual(scoreText('table good table but table'));
    }
  });

  it('[V7] takes halves of surrogate pairs and control characters for ordinary characters', () => {
    expect(scoreText('\ud83d good \ude00')).toEqual(scoreText('x good x'));
    expect(scoreText('good\ud83d').compound).toBe(0);
    expect(scoreText('\u0000 good')).toEqual(scoreText('x good'));
  });

  it('[V7] answers four zeroes, as a new object each time, for a text without words', () => {
    for (const blank of ['', ' ', '\n\t\u3000\u001c']) {
      expect(scoreText(blank)).toEqual({ compound: 0, positive: 0, negative: 0, neutral: 0 });
    }
    expect(scoreText('')).not.toBe(scoreText(''));
    expect(Object.is(scoreText('table').negative, 0)).toBe(true);
  });

  it('[V8] has 7,506 words and 1,212 emoji names', () => {
    expect([VALENCES.size, EMOJI_NAMES.size]).toEqual([7_506, 1_212]);
  });

  it('[V8] has no intensifier in its word list, so that none has a valence of its own', () => {
    expect(INTENSITIES.size).toBe(81);
    expect([...INTENSITIES.keys()].filter((word) => VALENCES.has(word))).toEqual([]);
  });
});
