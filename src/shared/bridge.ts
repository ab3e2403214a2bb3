/** @file The three functions the desktop window's page gets, and nothing else. */

/** A model file that was dropped on the window. A page is not told where a file lies: the preload puts the path in its place. */
export type DroppedModel = { type: 'import-gguf'; requestId: string; file: File };

export type CompanionBridge = {
  /** Sends one command; it is validated on the other side. A dropped file in it becomes its path. */
  send(command: unknown): void;
  /** Opens the session and hears every event, in order; the first is `session-opened`. Returns the function that stops hearing. */
  subscribe(listener: (event: unknown) => void): () => void;
  /** Asks the person, then opens an https, http or mailto address outside the app. */
  openLink(address: string): void;
};
