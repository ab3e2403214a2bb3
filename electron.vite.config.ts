import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { classicPage } from './scripts/classic-page.ts';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Everything pure JavaScript is bundled; only Electron itself, Node built-ins and ws's optional native helpers stay outside. */
const external = ['electron', 'bufferutil', 'utf-8-validate', /^node:/];

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      minify: false,
      rollupOptions: {
        external,
        // The thread of recall is a program of its own: own-memory.ts starts it from beside itself.
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          'recall-thread': at('src/main/adapters/memory/recall-thread.ts'),
        },
        // Beside the entries, so that paths.ts finds the program's files from wherever it ends up.
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        external,
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react(), classicPage()],
    build: {
      minify: true,
      rollupOptions: { input: at('src/renderer/index.html') },
    },
  },
});
