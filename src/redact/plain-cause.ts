import type { ErrorCause } from '../errors.js';
import { readField } from './read-foreign.js';

/** How the parts of an error are redacted. */
export interface CauseRules {
  redact(words: string): string;
  redactMessage(message: string): string;
}

/** The code is often nested: `fetch` rejects with `TypeError: fetch failed`, whose cause has the `ECONNREFUSED`. */
export function plainCauseOf(thrown: unknown, { redact, redactMessage }: CauseRules): ErrorCause {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: typeof thrown, message: 'A value that is not an error was thrown.' };
  const name = readName(thrown, 'name');
  const code = readCode(thrown);
  return {
    name: name === undefined ? 'Error' : redact(name),
    ...(code === undefined ? {} : { code: redact(code) }),
    message: redactMessage(readText(thrown, 'message') ?? ''),
  };
}

const maxCauses = 5;

function readCode(thrown: object): string | undefined {
  let error: unknown = thrown;
  for (let depth = 0; depth < maxCauses && typeof error === 'object' && error !== null; depth++) {
    const code = readName(error, 'code');
    if (code !== undefined) return code;
    error = readField(error, 'cause');
  }
  return undefined;
}

/** The text if it has the form of a name or code. */
function readName(owner: object, key: string): string | undefined {
  const text = readText(owner, key);
  return text !== undefined && /^[\w.$-]{1,80}$/.test(text) ? text : undefined;
}

function readText(owner: object, key: string): string | undefined {
  const value = readField(owner, key);
  return typeof value === 'string' ? value : undefined;
}
