import { Refusal } from './refusal.js';

/**
 * Parses a body whose sender is authorized.
 *
 * @throws {@link Refusal} 400 not UTF-8 or not JSON.
 * @internal
 */
export function parseBody(bytes: Uint8Array): unknown {
  const text = decodeBody(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not valid JSON');
  }
}

/**
 * Decodes a body as UTF-8.
 *
 * @throws {@link Refusal} 400 not UTF-8.
 * @internal
 */
export function decodeBody(bytes: Uint8Array): string {
  try {
    // A byte order mark is kept, because JSON does not allow it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'The body is not valid UTF-8');
  }
}
