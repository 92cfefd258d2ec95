import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Figure, type JudgedFigure, judgeFigure } from './figure.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * Compiles the programs to plain JavaScript that imports the built package. A TypeScript loader in the measured process
 * would distort the measurement.
 *
 * @returns The folder of the compiled programs.
 */
export async function buildPrograms(): Promise<string> {
  const outdir = fileURLToPath(new URL('.build', import.meta.url));
  await build({
    absWorkingDir: here,
    entryPoints: readdirSync(here).filter((file) => file.endsWith('.ts')),
    outdir,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    // Ignores the `paths` in tsconfig.json, which resolve the package to its sources.
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  return outdir;
}

/** How to run a program. */
export interface Setting {
  flags: readonly string[];
  /** Whether to run just enough to show that the program works. */
  smoke: boolean;
}

/** Runs a program in its own process. */
export async function runProgram(directory: string, file: string, { flags, smoke }: Setting): Promise<JudgedFigure[]> {
  const args = [...flags, '--expose-gc', `${directory}/${file}.mjs`, ...(smoke ? ['--smoke'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const output = await text(child.stdout);
  const [code] = await exited;
  if (code !== 0) throw new Error(`${file} exited with ${String(code)}`);
  const figures: Figure[] = JSON.parse(output);
  return figures.map(judgeFigure);
}
