import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    node: 'src/node/index.ts',
    sandbox: 'src/sandbox/index.ts',
    'transport-contract': 'src/transport-contract/index.ts',
    undici: 'src/undici/index.ts',
  },
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  dts: { compilerOptions: { noEmit: false, ignoreDeprecations: '6.0' } },
  splitting: true,
  treeshake: true,
  clean: true,
  sourcemap: true,
  // Small, and one of their builds reaches for node:crypto by condition: bundled, they are the same on every runtime and cost a consumer no dependency.
  noExternal: ['uuid', 'hono'],
});
