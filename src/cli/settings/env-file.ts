import { parseEnv } from 'node:util';
import { readBytes } from '../read-file.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * The environment variables, and below them those of a file, without the white space around their values. A file is read
 * only if it is named. An empty variable counts as not set, because CI systems set one that has no value to `''`.
 */
export async function readEnv(file: string | undefined, terminal: Terminal): Promise<Terminal['env']> {
  const ofFile = file === undefined ? {} : parseEnv((await readBytes(file, terminal)).toString('utf8'));
  return { ...filled(ofFile), ...filled(terminal.env) };
}

function filled(env: Terminal['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value = '']) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  );
}
