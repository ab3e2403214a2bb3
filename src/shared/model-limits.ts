/** @file The numbers of keeping, fetching and choosing models, each with its reason. */

const MB = 1_000_000;

/** Longest name of a model: a host of 350 characters is what Ollama's own grammar allows, and no name anybody has is half as long. */
export const MODEL_NAME_CHARACTERS = 350;
/** Longest path that a person may type for a file of theirs (PATH_MAX of Linux). */
export const MODEL_PATH_CHARACTERS = 4_096;
/** Models that are listed; nobody keeps more, and each costs a question to the server. */
export const MODELS_LISTED = 500;
/** Longest licence that is shown, in characters: the Llama licences have some 10,000, the GPL 35,000. */
export const LICENCE_CHARACTERS = 100_000;
/** Longest template or parameter text in a model's details. */
export const DETAIL_CHARACTERS = 20_000;

/**
 * A server that is killed forgets what it has of a part since that part last came to rest (docs/ollama.md). A download is therefore brought
 * to rest and taken up again after this share of it, so that a kill costs at most so much; a pull has 50 such rests at most.
 */
export const PULL_REST_SHARE = 0.02;
/**
 * And not more often than this. What is under way when a request ends is sent for nothing: what the line holds in one round trip. With this pause
 * that is a tenth of the whole at most where a round trip takes 50 ms, whatever the line's speed.
 */
export const PULL_REST_MS = 500;
/** How long a server takes to write down how far its parts are, and to let go of them (seen on 0.33.0-rc2: some milliseconds, and the next request is served at once). */
export const PULL_SETTLE_MS = 100;
/** Before the layers of a download that was called off are removed: the server has let go of its files by then on a slow disk too. */
export const PULL_LET_GO_MS = 500;
/** Pauses before a download that broke off is tried again; the last one holds from then on. */
export const PULL_RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;
/** Tries in a row that brought nothing, after which it waits for a person: about ten minutes without a network. */
export const PULL_TRIES = 24;
/** A layer whose hash was wrong is fetched again so often: a second mismatch is no accident of the line. */
export const PULL_MISMATCHES = 2;
/** The speed is told over this time. */
export const PULL_SPEED_MS = 8_000;
/** How far a download is, is written down this often, so that it is shown right after a start. */
export const PULL_KEPT_EVERY_MS = 5_000;
/** Downloads that are remembered at once; far more than anybody begins. */
export const PULLS_KEPT = 50;
/** Room that has to stay free on the disk beside a model: the system and the conversations need some. */
export const DISK_MARGIN_BYTES = 500 * MB;

/** Longest wait for a server that is asked what it has: a disk that has to wake up. */
export const MODELS_ASK_MS = 15_000;
/** Offers that were put away and are remembered; the oldest are forgotten first. */
export const OFFERS_DECLINED = 100;

/** Asking a registry about a model: its answer, and the licence it may have. */
export const LOOK_UP_MS = 8_000;
export const LOOK_UP_BYTES = 1 * MB;

/**
 * Beside its weights and its context a runner holds buffers for computing: seen 60 MB with a model of 94 MB and some 500 MB with one of 5 GB.
 * A tenth of the weights, and at least this much.
 */
export const RUNNER_SHARE = 0.1;
export const RUNNER_BYTES = 100 * MB;
/** Share of the free memory that a model may take before it is said to be tight. */
export const MEMORY_TIGHT_SHARE = 0.85;
/** Smallest context that memory alone may bring it down to: below it a persona and a short talk do not fit. */
export const SMALLEST_CONTEXT_TOKENS = 2_048;
/** What can be chosen, as far as the model was trained for it. */
export const CONTEXT_CHOICES = [2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072] as const;
