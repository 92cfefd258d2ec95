import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that judge the mutated code. Laws and golden pairs are among them; random fleets and whole runs are not. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [
      'test/{mapping,segment,onesignal}/**/*.test.ts',
      'test/delivery/judging/**/*.test.ts',
      'test/webhook/{signature,authorization}.test.ts',
    ],
    setupFiles: ['test/loopback-only.ts'],
    testTimeout: 60_000,
  },
});
