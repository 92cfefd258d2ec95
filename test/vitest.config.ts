import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = process.env.TEST_REPORT;

export default defineConfig({
  root,
  // Examples import the package by its name, as its users do.
  resolve: {
    alias: [
      { find: /^segment-onesignal$/, replacement: `${root}src/index.ts` },
      { find: /^segment-onesignal\/(bullmq|sqs|cloudflare-queues)$/, replacement: `${root}src/queue/$1.ts` },
      { find: /^segment-onesignal\/(.+)$/, replacement: `${root}src/$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/loopback-only.ts'],
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    // Property tests take long on a busy machine.
    testTimeout: 60_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: 'tsconfig.json' },
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
      thresholds: {
        'src/{mapping,segment,onesignal}/**': { lines: 100, branches: 100 },
        'src/delivery/{outcome,judging/judge}.ts': { lines: 100, branches: 100 },
      },
    },
  },
});
