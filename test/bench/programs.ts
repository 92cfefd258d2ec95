import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Figure, type JudgedFigure, judgeFigure } from './figure.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * Compiles the programs to plain JavaScript, in which `segment-onesignal` is the built package: a loader in the measured process would rewrite what is measured.
 *
 * @returns Where they are.
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
    // Without the paths by which sources import each other.
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  return outdir;
}

/** What a program is told. */
export interface Setting {
  flags: readonly string[];
  /** As little as shows that it works. */
  smoke: boolean;
}

/** Runs a program in a process of its own. */
export async function runProgram(directory: string, file: string, { flags, smoke }: Setting): Promise<JudgedFigure[]> {
  const args = [...flags, '--expose-gc', `${directory}/${file}.mjs`, ...(smoke ? ['--smoke'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const output = await text(child.stdout);
  const [code] = await exited;
  if (code !== 0) throw new Error(`${file} ended with ${String(code)}`);
  const figures: Figure[] = JSON.parse(output);
  return figures.map(judgeFigure);
}
