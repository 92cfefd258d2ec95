import type { ErrorCause } from './errors.js';

const mark = '<redacted>';
const urls = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const paths = /\/?\bapps\/[^\s"'<>]+/gi;
/** `Key …` and `Basic …` as in a header, OneSignal's own keys, and anything as long as a key or a token. */
const keys = /\b(?:key|basic|bearer)\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}|\bos_v2_\w+|\b[\w+/-]{40,}={0,2}/gi;
const quoted = /"[^"]*"/g;
const emails = /[^\s@"'<>]+@[^\s@"'<>]+/g;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const lineEnds = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** Shorter secrets are removed only as whole words: removed inside words too, they would leave no word readable. */
const minLengthInsideWords = 4;
const maxLength = 200;

/**
 * Reduces foreign text to one short line that is safe in an error: without the given secrets, email addresses, UUIDs
 * and keys.
 *
 * Secrets are found as they are, percent-encoded, and escaped as in JSON.
 *
 * @internal
 */
export function redact(words: string, secrets: Iterable<string>): string {
  const forms = new Set([...secrets].filter((secret) => secret.trim() !== '').flatMap(formsOf));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const known = longestFirst.reduce(without, words);
  const line = known.replace(emails, mark).replace(uuids, mark).replace(keys, mark).replace(lineEnds, ' ');
  return line.trim().slice(0, maxLength);
}

/**
 * Copies the name, code and message of a thrown value, without URLs, paths, keys and the given secrets.
 *
 * The code is often nested: `fetch` rejects with `TypeError: fetch failed`, whose cause has the `ECONNREFUSED`.
 *
 * @internal
 */
export function plainCause(thrown: unknown, secrets: Iterable<string> = []): ErrorCause {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: typeof thrown, message: 'A value that is not an error was thrown.' };
  const hidden = [...secrets];
  const name = readName(thrown, 'name', hidden) ?? 'Error';
  const code = readCode(thrown, hidden);
  const message = redactMessage(readText(thrown, 'message') ?? '', hidden);
  return code === undefined ? { name, message } : { name, code, message };
}

/**
 * Collects all strings and numbers in a value at any depth: a person's data, to be redacted.
 *
 * @internal
 */
export function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>();
  const seen = new Set<unknown>();
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next === 'string' || typeof next === 'number' || typeof next === 'bigint') texts.add(String(next));
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const key of Object.keys(next)) rest.push(Reflect.get(next, key));
  }
  return texts;
}

function without(words: string, secret: string): string {
  if (secret.length >= minLengthInsideWords) return words.replaceAll(secret, mark);
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return words.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu'), mark);
}

function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret.replace(/\p{Cs}/gu, '\uFFFD')), JSON.stringify(secret).slice(1, -1)];
}

/**
 * HTTP clients put URLs and paths into messages. `JSON.parse` quotes values cut off in the middle, which match no
 * secret.
 */
function redactMessage(message: string, secrets: readonly string[]): string {
  return redact(message.replace(quoted, `"${mark}"`).replace(urls, '<url>').replace(paths, '<path>'), secrets);
}

const maxCauses = 5;

function readCode(thrown: object, secrets: readonly string[]): string | undefined {
  let error: unknown = thrown;
  for (let depth = 0; depth < maxCauses && typeof error === 'object' && error !== null; depth++) {
    const code = readName(error, 'code', secrets);
    if (code !== undefined) return code;
    error = read(error, 'cause');
  }
  return undefined;
}

/** The text if it has the form of a name or code. */
function readName(owner: object, key: string, secrets: readonly string[]): string | undefined {
  const text = readText(owner, key);
  return text !== undefined && /^[\w.$-]{1,80}$/.test(text) ? redact(text, secrets) : undefined;
}

function readText(owner: object, key: string): string | undefined {
  const value = read(owner, key);
  return typeof value === 'string' ? value : undefined;
}

/** A getter of a foreign error may throw, and that must not break the outcome that reports the error. */
function read(owner: object, key: string): unknown {
  try {
    return Reflect.get(owner, key);
  } catch {
    return undefined;
  }
}
