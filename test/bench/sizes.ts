import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What an import costs whoever bundles it. */
export interface Size {
  /** kB (1,000 bytes), minified and gzipped. */
  gzipKb: number;
  /** The packages that came with it. */
  packages: string[];
}

/**
 * The size of an import in a bundle: esbuild, minified, gzipped, dependencies included.
 *
 * @param code - `export { mapEvent } from 'segment-onesignal'`, from the built package.
 * @param alias - Another package in the place of one: `{ ky: 'ky2' }`.
 */
export async function sizeOf(code: string, alias: Record<string, string> = {}): Promise<Size> {
  const { outputFiles, metafile } = await build({
    // The package resolves itself, by its own `exports`.
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
