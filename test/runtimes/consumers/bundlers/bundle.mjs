// Bundles a file with a bundler and the minimum configuration to find packages: bundle.mjs BUNDLER ENTRY OUTFILE
import { basename, dirname, resolve } from 'node:path';

const [bundler, entry, outfile] = process.argv.slice(2);
const [folder, file] = [resolve(dirname(outfile)), basename(outfile)];

const bundlers = {
  async esbuild() {
    const { build } = await import('esbuild');
    await build({ entryPoints: [entry], bundle: true, format: file.endsWith('.mjs') ? 'esm' : 'cjs', outfile });
  },
  async webpack() {
    const { default: webpack } = await import('webpack');
    const output = { path: folder, filename: file, ...(file.endsWith('.mjs') ? { module: true } : {}) };
    const experiments = { outputModule: file.endsWith('.mjs') };
    const stats = await new Promise((done, fail) =>
      webpack({ mode: 'production', entry: resolve(entry), output, experiments }, (error, result) =>
        error ? fail(error) : done(result),
      ),
    );
    const { errors, warnings } = stats.toJson();
    // Turns off webpack's warnings about recommended sizes for web pages.
    const problems = [...errors, ...warnings.filter(({ message }) => !/size limit|code splitting/.test(message))];
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  },
  async rollup() {
    const { rollup } = await import('rollup');
    const { default: nodeResolve } = await import('@rollup/plugin-node-resolve');
    const onwarn = ({ message }) => {
      throw new Error(message);
    };
    const bundle = await rollup({ input: entry, plugins: [nodeResolve()], onwarn });
    await bundle.write({ file: outfile, inlineDynamicImports: true });
  },
  async vite() {
    const { build } = await import('vite');
    const lib = { entry: resolve(entry), formats: ['es'], fileName: () => file };
    await build({ logLevel: 'warn', build: { outDir: folder, emptyOutDir: false, lib } });
  },
};
await bundlers[bundler]();
