/** @file The names by which the preload and the main process call each other; the page never sees them. */
export const channels = {
  /** Page to main: (session, command). */
  command: 'companion:command',
  /** Page to main: (session). A session's id is made by the preload; a page has one session at a time. */
  subscribe: 'companion:subscribe',
  unsubscribe: 'companion:unsubscribe',
  /** Main to page: (session, event). */
  event: 'companion:event',
  /** Page to main: (address). */
  openLink: 'companion:open-link',
} as const;
