/** @file A log that nobody reads. */
import type { Log } from '../../src/main/engine/ports.ts';

const nothing = () => undefined;
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
