import { defineConfig } from 'tsup';

const doors = {
  index: 'src/index.ts',
  bullmq: 'src/queue/bullmq.ts',
  'cloudflare-queues': 'src/queue/cloudflare-queues.ts',
  function: 'src/function/index.ts',
  node: 'src/node/index.ts',
  sandbox: 'src/sandbox/index.ts',
  sqs: 'src/queue/sqs.ts',
  testing: 'src/testing/index.ts',
  'transport-contract': 'src/transport-contract/index.ts',
  undici: 'src/undici/index.ts',
  webhook: 'src/webhook/index.ts',
};

/** Modules with code that runs when they are loaded, such as zod's: in files of their own, whoever bundles a mapping function leaves them out. */
const apart = {
  'internal/check-options': 'src/check-options.ts',
  'internal/deliver': 'src/delivery/deliver.ts',
  'internal/map-event': 'src/mapping/map-event.ts',
  'internal/parse': 'src/segment/parse.ts',
  'internal/redactor': 'src/redact/redactor.ts',
  'internal/uuid': 'src/onesignal/uuid.ts',
};

const handlers = ['onIdentify', 'onTrack', 'onPage', 'onScreen', 'onGroup', 'onAlias', 'onDelete'];

export default defineConfig([
  {
    entry: { ...doors, ...apart },
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    dts: { entry: doors, compilerOptions: { noEmit: false, ignoreDeprecations: '6.0' } },
    splitting: true,
    treeshake: { moduleSideEffects: false },
    clean: ['!segment-function.js'],
    sourcemap: true,
    // uuid, hono: small, and one of their builds reaches for node:crypto by condition: bundled, they are the same on every runtime.
    // zod: its entries load all of its locales, 70 ms at every start; a tenth of it is used. None of them costs a consumer a dependency.
    noExternal: ['uuid', 'hono', 'zod'],
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
