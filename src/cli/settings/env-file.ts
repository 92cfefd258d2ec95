import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { CommandError, messageOf } from '../command-error.js';
import type { Terminal } from '../terminal/terminal.js';

/** The environment variables, and below them those of a file. A file is read only if it is named. */
export async function readEnv(file: string | undefined, { env, cwd }: Terminal): Promise<Terminal['env']> {
  if (file === undefined) return env;
  try {
    return { ...parseEnv(await readFile(resolve(cwd, file), 'utf8')), ...env };
  } catch (thrown) {
    throw new CommandError(`Cannot read ${file}, the file of --env-file: ${messageOf(thrown)}.`);
  }
}
