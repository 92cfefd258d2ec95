import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Bug } from './bugs.js';
import type { RunOptions, runMany } from './run-many.js';

/** Runs random scenarios against a library with a bug in it. */
export async function runWithBug({ find, replace }: Bug, options: RunOptions): ReturnType<typeof runMany> {
  const directory = await mkdtemp(join(tmpdir(), 'model-'));
  const outfile = join(directory, 'run-many.mjs');
  let places = 0;
  try {
    await build({
      entryPoints: [fileURLToPath(new URL('run-many.ts', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      plugins: [
        {
          name: 'plant',
          setup({ onLoad }) {
            onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
              const source = await readFile(path, 'utf8');
              places += source.split(find).length - 1;
              return { contents: source.replace(find, () => replace), loader: 'ts' };
            });
          },
        },
      ],
    });
    if (places !== 1) throw new Error(`"${find}" stands in ${places} places of src, not in one`);
    const planted: { runMany: typeof runMany } = await import(pathToFileURL(outfile).href);
    return await planted.runMany(options);
  } finally {
    await rm(directory, { recursive: true });
  }
}
