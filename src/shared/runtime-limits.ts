/** @file The numbers of fetching and installing Ollama, each with its reason. */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Lines of our own Ollama's log that are shown: what a person scrolls through; the file has the rest. */
export const RUNTIME_LOG_LINES = 200;

/** Longest wait for a release server's first answer, and between two pieces of a file, in ms. */
export const RELEASE_ANSWER_MS = 20_000;
export const RELEASE_SILENCE_MS = 30_000;
/** Pauses between tries that brought nothing; the last one holds from then on. */
export const RELEASE_RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000] as const;
/** Tries in a row that bring nothing before it is given up: some five minutes for a window, seconds for a command that somebody watches. */
export const RELEASE_TRIES = 15;
export const RELEASE_COMMAND_TRIES = 4;
/** After this much the disk is made to hold what came, so that a machine that loses its power loses no more than this. */
export const RELEASE_SYNC_BYTES = 64 * MIB;
/** How far the moment at which the machine started may seem to move (clocks are set) and still be the same start, in ms. */
export const BOOT_SLACK_MS = 60_000;
/** Speed is told over this time: long enough to be calm, short enough to be true. */
export const RELEASE_SPEED_MS = 8_000;
/** Progress is told this often at most: faster than a bar can be read. */
export const RELEASE_PROGRESS_MS = 250;
/** A release's list of hashes has a line of a hundred characters for each of some twenty files. */
export const RELEASE_LIST_BYTES = 64 * KIB;
/** What Ollama takes on the disk without and with the parts for graphics cards of one maker (0.34.2 whole: 2.1 GB; rounded up). */
export const RELEASE_UNPACKED_BYTES = 500_000_000;
export const RELEASE_GRAPHICS_BYTES = 3_000_000_000;
/** Left free on the disk all the same, so that conversations still have room. */
export const RELEASE_SPARE_BYTES = 200_000_000;
/** An archive that holds more is none of Ollama's: five times and a hundred times what a whole one has. */
export const RELEASE_BOMB_BYTES = 16 * GIB;
export const RELEASE_ENTRIES = 10_000;
/** Longest path in an archive; Ollama's have some fifty characters. */
export const RELEASE_PATH_CHARACTERS = 512;
/** Whoever holds an installation's lock says so this often at least; silent for the second it holds it no more. */
export const INSTALL_LOCK_TOUCH_MS = 10_000;
export const INSTALL_LOCK_STALE_MS = 5 * 60_000;
