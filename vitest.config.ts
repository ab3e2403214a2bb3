import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many tests wait for programs and disks; one worker fewer than cores would leave half of a small machine idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'node',
          include: ['src/{shared,main,preload}/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: ['test/e2e/**'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: { name: 'dom', environment: 'happy-dom', include: ['src/renderer/**/*.test.{ts,tsx}'] },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
