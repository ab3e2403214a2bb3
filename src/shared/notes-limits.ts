/** @file The numbers of what is remembered: notes, summaries, forgetting. */

/** Longest note, in characters: two sentences; longer things are what the conversation itself is for. */
export const NOTE_CHARACTERS = 300;
/** Longest summary of a conversation, in characters: about 300 tokens, the largest single memory a context has room for. */
export const SUMMARY_CHARACTERS = 1_200;
/** What is shown of the words a note was drawn from, in characters. */
export const QUOTE_CHARACTERS = 300;
/** Memories in one page of the list, and in one piece of an import: 100 of the longest lie well inside a frame. */
export const PAGE_MEMORIES = 100;
/** Largest file of memories that is read, as large as that of a card: a memory takes some 400 bytes of it, so this is more than a hundred thousand. */
export const MEMORY_FILE_BYTES = 64 * 1024 * 1024;
/** How long a forgotten memory can be brought back: with its removal from every file it is gone within 5 s of the click. */
export const UNDO_FORGET_MS = 3_000;
/** Longest message that the rules read: whoever pastes more is seldom writing about themselves. */
export const RULE_CHARACTERS = 2_000;
/** Messages that the rules read in one go: most turns bring one, and the longest takes a few milliseconds. */
export const RULE_MESSAGES = 2;
/** Longest sentence that the rules read. */
export const RULE_SENTENCE_CHARACTERS = 280;
/** Notes that one message may bring by rule: more is a form being filled in, or an attack. */
export const RULE_NOTES = 4;
/** The person's messages that one request learns from, and how much of each is quoted, in characters. */
export const LEARN_MESSAGES = 12;
export const LEARN_MESSAGE_CHARACTERS = 1_000;
/** Notes that one request may bring: what twelve messages say that lasts. */
export const LEARN_NOTES = 8;
/** Known notes that are shown to the model, so that it can say which one a newer fact replaces. */
export const LEARN_KNOWN = 16;
/** Longest answer of such a request, in tokens: eight notes of two sentences with their JSON around them. */
export const LEARN_TOKENS = 700;
export const SUMMARY_TOKENS = 350;
/** A conversation is summed up from this many of the person's messages on, and again after as many more. */
export const SUMMARY_AFTER_MESSAGES = 6;
/** Confidence of a note by where it is from; a model's own "certain" and "likely" are below a rule's literal words. */
export const CONFIDENCE = { person: 1, rule: 0.95, certain: 0.8, likely: 0.6, again: 0.05 } as const;
/** How alike two notes are (shared content words of all) from which they are one. */
export const SAME_NOTE = 0.8;
/** Known notes that a new one is compared with: far more than anybody has, and still quick (2 ms to read, 2 to compare). */
export const NOTES_COMPARED = 2_000;
/** Memories of a file that are compared with them in one go. */
export const BROUGHT_AT_ONCE = 10;
/** Shortest piece of forgotten text that is also looked for inside other texts, in characters: below, it would hit innocent words. */
export const FORGET_CHARACTERS = 8;
/** Messages that are read at once while something is forgotten, and how long is looked at them before others have a turn: replies go on between. */
export const FORGET_ROWS = 50;
export const FORGET_STEP_MS = 1;
/** How long rows are cleaned in one transaction: with its commit, and what the log then hands on, the loop is held for less than ten. (In folders without a log each commit waits for the disk.) */
export const FORGET_WRITE_MS = 2;
/** Pinned memories in one prompt, in characters: half of what memories may take, so that recall still has room. */
export const PINNED_CHARACTERS = 2_048;
/** The newest messages whose reports are looked through for the use of a memory, months of talking; and how many in one go (10,000 reports of 3 KB took 97 ms). */
export const USES_LOOKED_THROUGH = 4_000;
export const USES_AT_ONCE = 200;
/** Between two rules that are made ready, each of which takes up to five milliseconds: whoever begins to speak meanwhile comes first. */
export const RULE_STEP_MS = 10;
/** A step makes way for replies that are being written, so often: they may go on for ever. */
export const RULE_WAITS = 20;
