import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Options } from 'tsup';
import { writeDeclarations } from './.build/declarations.js';
import { noticeComment, writeNotices } from './.build/licenses.js';
import { dropOwnSources } from './.build/source-maps.js';

const root = fileURLToPath(new URL('.', import.meta.url));

const entryPoints = {
  index: 'src/index.ts',
  bullmq: 'src/queue/bullmq.ts',
  'cloudflare-queues': 'src/queue/cloudflare-queues.ts',
  config: 'src/config/index.ts',
  'event-stream': 'src/event-stream/index.ts',
  fleet: 'src/fleet/index.ts',
  function: 'src/function/index.ts',
  node: 'src/node/index.ts',
  redis: 'src/redis/index.ts',
  sandbox: 'src/sandbox/index.ts',
  sqs: 'src/queue/sqs.ts',
  testing: 'src/testing/index.ts',
  'transport-contract': 'src/transport-contract/index.ts',
  undici: 'src/undici/index.ts',
  webhook: 'src/webhook/index.ts',
};

/** Modules that run code when they are loaded. In files of their own, they stay out of a bundle of one mapping function. */
const apart = {
  'internal/check-options': 'src/check-options.ts',
  'internal/deliver': 'src/delivery/deliver.ts',
  'internal/map-event': 'src/mapping/map-event.ts',
  'internal/parse': 'src/segment/parse.ts',
  'internal/redactor': 'src/redact/redactor.ts',
  'internal/uuid': 'src/onesignal/uuid.ts',
};

const handlers = ['onIdentify', 'onTrack', 'onPage', 'onScreen', 'onGroup', 'onAlias', 'onDelete'];

const modules: Options = {
  target: 'es2022',
  platform: 'neutral',
  // Entry points share their chunks, also in CommonJS: otherwise each would have a core and error classes of its own.
  splitting: true,
  treeshake: { moduleSideEffects: false },
};

// uuid and hono are small, and some of their builds import node:crypto: bundled, they behave the same on every runtime.
// zod's entries load all of its locales, which takes 70 ms at every start, and a tenth of it is used.
const bundled = ['uuid', 'hono', 'zod'];
// ky is ES modules only, which Jest cannot `require`.
const bundledInCommonJs = ['ky'];
// Bundled, so that importing the library installs none of them.
const bundledInCli = ['cli-table3', 'commander', 'jiti', 'csv-stringify', 'ioredis', 'tinyglobby'];

export default defineConfig(async () => [
  {
    ...modules,
    entry: { ...entryPoints, ...apart },
    format: ['esm'],
    clean: ['!segment-function.js', '!cjs', '!cli', '!types'],
    noExternal: bundled,
    sourcemap: true,
    plugins: [dropOwnSources],
    onSuccess: async () => {
      writeDeclarations(Object.values(entryPoints), root, join(root, 'dist/types'));
      const packages = [...bundled, ...bundledInCommonJs, ...bundledInCli];
      await writeNotices(packages, root, join(root, 'dist/THIRD-PARTY-NOTICES.txt'));
    },
  },
  {
    ...modules,
    entry: entryPoints,
    format: ['cjs'],
    outDir: 'dist/cjs',
    outExtension: () => ({ js: '.cjs' }),
    clean: true,
    // No source maps: they would be a quarter of the package, and the code is readable and names the file of each part.
    noExternal: [...bundled, ...bundledInCommonJs],
  },
  {
    entry: { main: 'src/cli/bin.ts' },
    format: ['esm'],
    outDir: 'dist/cli',
    target: 'node20',
    platform: 'node',
    splitting: true,
    clean: true,
    minify: true,
    // The library is that of the package, by its public entry points. It must not be loaded twice.
    external: [/^segment-onesignal(\/|$)/],
    noExternal: bundledInCli,
    // For the packages that are CommonJS.
    banner: {
      js: "import { createRequire as createCliRequire } from 'node:module';\nconst require = createCliRequire(import.meta.url);",
    },
  },
  {
    // Pasted into Segment: one file without imports or exports. Segment finds the handlers by name.
    entry: { 'segment-function': 'src/function/index.ts' },
    format: ['iife'],
    globalName: 'segmentOneSignal',
    outExtension: () => ({ js: '.js' }),
    target: 'es2022',
    platform: 'neutral',
    minify: true,
    clean: false,
    noExternal: [/./],
    banner: { js: await noticeComment(['ky', 'uuid', 'zod'], root) },
    footer: {
      js: [
        '// Options that are the same for all instances go between the braces: { mapping: { … }, delivery: { … } }',
        'var segmentFunction = segmentOneSignal.createSegmentFunction({});',
        ...handlers.map(
          (name) => `async function ${name}(event, settings) {\n  return segmentFunction.${name}(event, settings);\n}`,
        ),
        'async function onBatch(events, settings) {\n  return segmentFunction.onBatch(events, settings);\n}',
      ].join('\n'),
    },
  },
]);
