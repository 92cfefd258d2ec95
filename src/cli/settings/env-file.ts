import { parseEnv } from 'node:util';
import { readBytes } from '../read-file.js';
import type { Terminal } from '../terminal/terminal.js';

/** The environment variables, and below them those of a file. A file is read only if it is named. */
export async function readEnv(file: string | undefined, terminal: Terminal): Promise<Terminal['env']> {
  if (file === undefined) return terminal.env;
  return { ...parseEnv((await readBytes(file, terminal)).toString('utf8')), ...terminal.env };
}
