import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that judge the mutated code: golden pairs, rules and laws, but no random fleets and no end-to-end runs. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [
    {
      name: 'fewer-runs',
      // A law runs once per mutant, and most mutants break it with the first events.
      transform: (code, id) =>
        id.endsWith('.test.ts') ? code.replace(/numRuns: [\d_]+ }/g, 'numRuns: 50 }') : undefined,
    },
  ],
  test: {
    include: [
      'test/{mapping,segment,onesignal}/**/*.test.ts',
      // The rules of mapping options.
      'test/check-options.test.ts',
      'test/delivery/judging/**/*.test.ts',
      'test/webhook/{signature,authorization}.test.ts',
    ],
    setupFiles: ['test/loopback-only.ts'],
    testTimeout: 60_000,
  },
});
