/** @file A step of the page's build: one classic script, no cross-origin marks. */
import type { Plugin } from 'vite';

/**
 * Chromium sends an Origin header with every module script and everything marked `crossorigin`, also to the page's own
 * server, and the door refuses an Origin without a token (wire.md). A classic script and a plain style sheet send none.
 */
export function classicPage(): Plugin {
  return {
    name: 'classic-page',
    apply: 'build',
    config: () => ({ build: { cssCodeSplit: false, modulePreload: false, rollupOptions: { output: { format: 'iife' } } } }),
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace(/<script type="module" crossorigin/g, '<script defer').replace(/ crossorigin(?=[ >])/g, ''),
    },
  };
}
