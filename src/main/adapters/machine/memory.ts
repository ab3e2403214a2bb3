/** @file How much memory this machine has, and how much of it is free for a model. */
import { totalmem } from 'node:os';
import type { Machine } from '../../engine/models/shelf.ts';

/** What Metal lets one program keep of a Mac's memory at most, by default; macOS counts hardly anything as free, since it fills the rest with files. */
const METAL_SHARE = 2 / 3;

/** Knows of a container's limit, where there is one (cgroups). */
export function createMachine(platform: NodeJS.Platform = process.platform): Machine {
  return {
    memory() {
      const limit = process.constrainedMemory();
      const totalBytes = limit > 0 && limit < totalmem() ? limit : totalmem();
      const freeBytes = platform === 'darwin' ? totalBytes * METAL_SHARE : process.availableMemory();
      return { totalBytes, freeBytes: Math.round(Math.min(freeBytes, totalBytes)) };
    },
  };
}
