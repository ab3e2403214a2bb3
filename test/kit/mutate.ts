/** @file Breaks a valid frame in one way that its schema must notice. */
import type { Random } from './random.ts';

const notStrings: unknown[] = [null, 0, -1, true, [], {}, ['x'], { toString: 'x' }, Number.NaN, 1e308];
const badStrings = ['', '../../etc', 'a/b', 'a\u0000b', 'x'.repeat(100_000), '\ud83d', '__proto__ ', 'a b'];
const notFrames: unknown[] = [
  null,
  0,
  '',
  'start-turn',
  [],
  [[]],
  true,
  {},
  { type: null },
  { type: '__proto__' },
  { type: 'no-such-command', requestId: 'r' },
];

/** The frame with one thing wrong: not a frame, a field gone, of a wrong type, out of its form, or one too many. */
export function mutate(frame: Record<string, unknown>, random: Random): unknown {
  if (random.chance(0.1)) return random.pick(notFrames);
  const fields = Object.keys(frame);
  const field = random.pick(fields);
  const copy: Record<string, unknown> = { ...frame };
  const kind = random.whole(0, 3);
  if (kind === 0) delete copy[field];
  else if (kind === 1) copy[field] = random.pick(notStrings);
  else if (kind === 2)
    copy[field] = field === 'text' || field === 'title' ? random.pick(['', '   ', '\n', 'x'.repeat(70_000)]) : random.pick(badStrings);
  else copy[random.pick(['extra', 'userId', 'path', 'constructor', 'Text'])] = random.pick(notStrings);
  return copy;
}
