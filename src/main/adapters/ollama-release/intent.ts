/** @file What the person asked for, kept beside the part files: an installation that the program's end broke off goes on with its next start. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type GraphicsPart, graphicsParts } from '../../../shared/runtime.ts';
import type { Place } from './place.ts';

const intentSchema = z.strictObject({
  goesOn: z.boolean(),
  graphics: z.array(z.enum(graphicsParts)),
  thenModel: z.boolean().default(false),
  totalBytes: z.number().optional(),
});
/** goesOn: false where the person paused it. thenModel: a model is to follow. */
export type Intent = { goesOn: boolean; graphics: GraphicsPart[]; thenModel: boolean; totalBytes?: number | undefined };

const fileOf = ({ download }: Place): string => join(download, 'intent.json');

export function readIntent(place: Place): Intent | undefined {
  try {
    return intentSchema.parse(JSON.parse(readFileSync(fileOf(place), 'utf8')));
  } catch {
    return undefined; // Nothing was begun.
  }
}

/** Throws the system's error where the folder cannot be written. */
export function writeIntent(place: Place, intent: Intent): void {
  mkdirSync(place.download, { recursive: true, mode: 0o700 });
  writeFileSync(`${fileOf(place)}.new`, JSON.stringify(intent), { mode: 0o600 });
  renameSync(`${fileOf(place)}.new`, fileOf(place));
}

/** Nothing goes on by itself any more. */
export function forgetIntent(place: Place): void {
  rmSync(fileOf(place), { force: true });
}
