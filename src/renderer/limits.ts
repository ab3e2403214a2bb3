/** @file Numbers that only the window needs, each with its reason. */

/** First pause before a lost connection is tried again; it doubles with every try. */
export const RECONNECT_FIRST_MS = 250;
/** Longest such pause: a program that came back is found while the person still looks. */
export const RECONNECT_LONGEST_MS = 5_000;
/** Longest wait for a first answer of a socket before it counts as lost. */
export const CONNECT_MS = 8_000;
/** A hidden page gets no animation frames; its events are taken in at this pace in their place. */
export const HIDDEN_COMMIT_MS = 500;

/** Distance from the end of a conversation within which it follows what is written (ui rules). */
export const STICK_PIXELS = 48;
/** Distance from the top at which older messages are fetched: about one screen ahead. */
export const OLDER_PIXELS = 900;
/** Rough height of a message that was never drawn. */
export const MESSAGE_PIXELS = 160;

/** Pause after the last key before a search is sent: shorter than a person notices, longer than between two keys. */
export const SEARCH_DELAY_MS = 120;
/** Nothing is drawn in place of missing text before this time, so that quick answers do not flicker. */
export const SKELETON_AFTER_MS = 300;
/** How long a short notice stays. */
export const NOTICE_MS = 4_000;
/** The speed of a reply is counted anew this often. */
export const RATE_EVERY_MS = 500;

/** Longest code that is coloured; colouring more than this would hold a frame up. */
export const COLOURED_CHARACTERS = 20_000;
/** Lines of unfinished code that form one unchanging piece. */
export const CODE_PIECE_LINES = 40;
/** Items of a long list that form one unchanging piece. */
export const LIST_PIECE_ITEMS = 20;
/** An unfinished block longer than this is drawn again only every LONG_BLOCK_MS: parsing it costs more than a frame has. */
export const LONG_BLOCK_CHARACTERS = 4_000;
export const LONG_BLOCK_MS = 120;
/** The person's own messages above this length are shown folded. */
export const FOLDED_CHARACTERS = 2_400;

/** Share of the context from which its end is said to be near. */
export const CONTEXT_NEAR_END = 0.9;
/** What is being written is kept for a reload so often, in ms: soon enough to lose a word at most. */
export const KEEPSAKES_EVERY_MS = 250;
