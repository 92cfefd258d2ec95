import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Options } from 'tsup';
import { writeDeclarations } from './build/declarations.js';
import { writeLicenses } from './build/licenses.js';
import { dropOwnSources } from './build/source-maps.js';

const root = fileURLToPath(new URL('.', import.meta.url));

const doors = {
  index: 'src/index.ts',
  bullmq: 'src/queue/bullmq.ts',
  'cloudflare-queues': 'src/queue/cloudflare-queues.ts',
  function: 'src/function/index.ts',
  node: 'src/node/index.ts',
  sandbox: 'src/sandbox/index.ts',
  sqs: 'src/queue/sqs.ts',
  'transport-contract': 'src/transport-contract/index.ts',
  undici: 'src/undici/index.ts',
  webhook: 'src/webhook/index.ts',
};

/** Modules with code that runs when they are loaded, such as zod's: in files of their own, whoever bundles a mapping function leaves them out. */
const apart = {
  'internal/check-options': 'src/check-options.ts',
  'internal/parse': 'src/segment/parse.ts',
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

// uuid, hono: small, and one of their builds reaches for node:crypto by condition: bundled, they are the same on every runtime.
// zod: its entries load all of its locales, 70 ms at every start; a tenth of it is used. None of them costs a consumer a dependency.
const bundled = ['uuid', 'hono', 'zod'];
// ky is ES modules only, which Jest cannot `require`.
const bundledInCommonJs = ['ky'];

export default defineConfig([
  {
    ...modules,
    entry: { ...doors, ...apart },
    format: ['esm'],
    clean: ['!segment-function.js', '!cjs', '!types'],
    noExternal: bundled,
    sourcemap: true,
    plugins: [dropOwnSources],
    onSuccess: async () => {
      writeDeclarations(Object.values(doors), root, join(root, 'dist/types'));
      writeLicenses([...bundled, ...bundledInCommonJs], root, join(root, 'dist/third-party-licenses.txt'));
    },
  },
  {
    ...modules,
    entry: doors,
    format: ['cjs'],
    outDir: 'dist/cjs',
    outExtension: () => ({ js: '.cjs' }),
    clean: true,
    // Without source maps, which would be a quarter of the package: the code is readable, and names the file of each part.
    noExternal: [...bundled, ...bundledInCommonJs],
  },
  {
    // To be pasted into Segment: one file, nothing imported, nothing exported; Segment finds the handlers by their names.
    entry: { 'segment-function': 'src/function/index.ts' },
    format: ['iife'],
    globalName: 'segmentOneSignal',
    outExtension: () => ({ js: '.js' }),
    target: 'es2022',
    platform: 'neutral',
    minify: true,
    clean: false,
    noExternal: [/./],
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
