/** @file Where the window was, so that it is there again; and never where no screen is. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '../engine/ports.ts';

/** Narrowest and lowest window whose every state was looked at (ui rules: 400 px wide). */
export const SMALLEST = { width: 400, height: 560 } as const;
/** First size: one conversation at its full measure beside the list. */
const FIRST = { width: 1_120, height: 780 } as const;
/** How much of the window has to be on a screen, in px, for a person to take hold of it. */
const HANDHOLD = 120;
/** No screen is larger, in px; a damaged file must not ask for more memory than there is. */
const LARGEST = 16_384;

const whole = z.number().int().min(-LARGEST).max(LARGEST);
const placeSchema = z.object({ x: whole, y: whole, width: whole.min(1), height: whole.min(1), maximized: z.boolean() });
export type Place = z.infer<typeof placeSchema>;
export type Area = { x: number; y: number; width: number; height: number };

/** The place a file tells; undefined where there is none yet or it cannot be read, which is logged. */
export function readPlace(file: string, log: Log): Place | undefined {
  try {
    return placeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('window-place-unreadable', { cause: error });
    return undefined;
  }
}

/** Keeps the place; where that fails the next window merely opens elsewhere. */
export function writePlace(file: string, place: Place, log: Log): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(place), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    log.warn('window-place-not-kept', { cause: error });
  }
}

const overlap = (from: number, length: number, areaFrom: number, areaLength: number) =>
  Math.min(from + length, areaFrom + areaLength) - Math.max(from, areaFrom);

/** Size, and position where enough of the window with its upper edge is on one of the screens; without one the system chooses. */
export function fitPlace(place: Place | undefined, screens: Area[]): { width: number; height: number; x?: number; y?: number } {
  if (!place) return FIRST;
  const width = Math.max(SMALLEST.width, place.width);
  const height = Math.max(SMALLEST.height, place.height);
  const reachable = screens.some(
    (screen) =>
      overlap(place.x, width, screen.x, screen.width) >= HANDHOLD &&
      place.y >= screen.y - 1 &&
      place.y <= screen.y + screen.height - HANDHOLD,
  );
  return reachable ? { width, height, x: place.x, y: place.y } : { width, height };
}
