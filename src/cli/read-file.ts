import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from './command-error.js';
import { reasonOf } from './system-error.js';
import type { Terminal } from './terminal/terminal.js';

/** Reads a file that the user named; `-` is stdin. */
export async function readBytes(named: string, { stdin, cwd }: Pick<Terminal, 'stdin' | 'cwd'>): Promise<Buffer> {
  if (named === '-') {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdin) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(resolve(cwd, named));
  } catch (thrown) {
    throw new CommandError(`Cannot read ${named}: ${reasonOf(thrown)}.`);
  }
}
