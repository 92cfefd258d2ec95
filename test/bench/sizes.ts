import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What an import adds to a bundle. */
export interface Size {
  /** kB (1,000 bytes), minified and gzipped. */
  gzipKb: number;
  /** The other packages that the bundle contains. */
  packages: string[];
}

/**
 * Measures the size of an import: bundled with esbuild, minified and gzipped, dependencies included.
 *
 * @param code - Code that imports from the built package, such as `export { mapEvent } from 'segment-onesignal'`.
 * @param alias - Packages to replace with others, such as `{ ky: 'ky2' }`.
 */
export async function sizeOf(code: string, alias: Record<string, string> = {}): Promise<Size> {
  const { outputFiles, metafile } = await build({
    // The package's own name resolves through its `exports`.
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    tsconfigRaw: {},
    alias,
  });
  const [output] = outputFiles;
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  const packages = new Set(files.flatMap((file) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(file)?.[1] ?? []));
  return { gzipKb: gzipSync(output?.contents ?? '', { level: 9 }).length / 1000, packages: [...packages].sort() };
}
