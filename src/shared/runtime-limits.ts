/** @file The numbers of fetching and installing Ollama, each with its reason. */

/** Lines of our own Ollama's log that are shown: what a person scrolls through; the file has the rest. */
export const RUNTIME_LOG_LINES = 200;
