import { defineConfig } from 'tsup';

const doors = {
  index: 'src/index.ts',
  node: 'src/node/index.ts',
  sandbox: 'src/sandbox/index.ts',
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

export default defineConfig({
  entry: { ...doors, ...apart },
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  dts: { entry: doors, compilerOptions: { noEmit: false, ignoreDeprecations: '6.0' } },
  splitting: true,
  treeshake: { moduleSideEffects: false },
  clean: true,
  sourcemap: true,
  // uuid, hono: small, and one of their builds reaches for node:crypto by condition: bundled, they are the same on every runtime.
  // zod: its entries load all of its locales, 70 ms at every start; a tenth of it is used. None of them costs a consumer a dependency.
  noExternal: ['uuid', 'hono', 'zod'],
});
