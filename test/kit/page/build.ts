/** @file Builds the page alone, as electron-vite does it, into any folder. */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { classicPage } from '../../../scripts/classic-page.ts';

export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: resolve(import.meta.dirname, '../../../src/renderer'),
    base: './',
    logLevel: 'warn',
    plugins: [react(), classicPage()],
    build: { outDir, emptyOutDir: true, minify: true, target: 'chrome140', cssTarget: 'chrome140', chunkSizeWarningLimit: 2_000 },
  });
}
