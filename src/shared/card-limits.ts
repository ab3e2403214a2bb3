/** @file The numbers that cards and their files are held to, each with its reason. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest file that can be imported: pictures in cards have some megabytes, archives with moods and sounds some tens. */
export const CARD_FILE_BYTES = 64 * MIB;
/** What an archive may unfold to, and into how many files. */
export const ARCHIVE_BYTES = 256 * MIB;
export const ARCHIVE_ENTRIES = 2_000;
/** Text shrinks to a hundredth at the very best of the honest cases; deflate itself ends at 1,032. */
export const ARCHIVE_RATIO = 200;
/** Below this, the ratio of an archive says nothing. */
export const ARCHIVE_RATIO_FROM_BYTES = 1 * MIB;
/** What is inflated in one step, so that a bomb is seen before it is large: 1,032 times this at most. */
export const ARCHIVE_STEP_BYTES = 4 * KIB;
/** A text in base64 shrinks to a quarter, to a twentieth where it repeats itself; below the second number that says nothing. */
export const TEXT_RATIO = 25;
export const TEXT_RATIO_FROM_BYTES = 256 * KIB;
/** The same for a text alone, which is small. */
export const TEXT_STEP_BYTES = KIB;
/** A card's own words: the largest seen, with a lorebook of 700 entries, have 1.5 MiB. */
export const CARD_JSON_BYTES = 4 * MIB;
/** Cards are five levels deep, their extensions a few more. */
export const CARD_JSON_DEPTH = 64;
/** Values in one document: 500 lorebook entries of thirty fields, ten times over. */
export const CARD_JSON_VALUES = 150_000;
/** Lorebook entries that take effect and can be edited; the largest seen has 700. */
export const LORE_ENTRIES = 5_000;
/** The same words in base64, as PNG files carry them, with room for line breaks. */
export const CARD_TEXT_BYTES = 6 * MIB;
/** Chunks of a PNG file: 64 MiB in pieces of 8 KiB are 8,192. */
export const PNG_CHUNKS = 20_000;
/** Pictures that are decoded at all: beyond it the pixels alone take 64 MiB. */
export const PICTURE_SIDE = 4_096;
/** The picture that is shown: one side of it, and its file at most. */
export const AVATAR_SIDE = 512;
export const AVATAR_BYTES = 1 * MIB;

/** One piece of a file on its way in or out, in bytes; in base64 it fits into a frame with room to spare. */
export const CHUNK_BYTES = 144 * KIB;
/** Files on their way at the same time, and what they may take in memory together. */
export const TRANSFERS = 8;
export const TRANSFER_BYTES = 192 * MIB;
/** A file of which nothing was sent or asked for so long is forgotten: a person may think that long about a preview. */
export const TRANSFER_SILENCE_MS = 15 * 60_000;
/** How long a deleted companion can be brought back before its files are removed. */
export const UNDO_CHARACTER_MS = 60_000;
/** Companions in one library. */
export const LIBRARY_CHARACTERS = 2_000;
/** Greetings of one card; the largest seen has some forty. */
export const GREETINGS = 500;
/** Texts that are counted at once: the fields of an editor. */
export const COUNTED_TEXTS = 64;
