import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from './command-error.js';
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

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};

/** Why a file cannot be used, in words. */
export function reasonOf(thrown: unknown): string {
  const code: unknown = Reflect.get(Object(thrown), 'code');
  return reasons[String(code)] ?? (typeof code === 'string' ? code : String(thrown));
}
