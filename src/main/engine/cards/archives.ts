/** @file The port to archives: the one place where anything is inflated, with caps. */
import type { Inflate } from './png-texts.ts';

/** Throws Fault('too-large') beyond the caps of card-limits.ts and Fault('bad-request') where an archive is damaged. */
export type Archives = {
  /** The files of a zip archive, by name; bytes before its beginning are skipped. */
  unpack(bytes: Uint8Array): Map<string, Uint8Array>;
  pack(files: ReadonlyMap<string, Uint8Array>): Uint8Array;
  inflate: Inflate;
  deflate(bytes: Uint8Array): Uint8Array;
};
