import { SignatureError } from '../errors.js';

const algorithm = { name: 'HMAC', hash: 'SHA-1' };

/**
 * Creates the `X-Signature` that Segment's webhook destinations send: the HMAC-SHA1 of the body, in hex. Use it to test
 * your receiver.
 *
 * Test vectors, `sign(body, secret)`:
 *
 * - `sign('what do ya want for nothing?', 'Jefe')` is `effcdf6ae5eb2fa2d27416d5f184df9c259a7c79` (RFC 2202, case 2)
 * - `sign('{"type":"identify","userId":"u1"}', 'shh')` is `14cba10a0efe3a51852ac2b6e012406470ee4833`
 * - `sign('{"name":"Zoë 🐝"}', 'schlüssel')` is `2b105767165bd4b9739b53130bcc027878b10f5b`
 *
 * @param body - The body exactly as it is sent; it is signed as UTF-8. Segment signs only the first event of a batch,
 * so pass `JSON.stringify(events[0])` to imitate that.
 * @param secret - The shared secret of the webhook destination.
 * @returns 40 lower-case hex digits.
 * @throws TypeError if the secret is empty.
 *
 * @example
 * ```ts
 * import { sign } from 'segment-onesignal/webhook';
 *
 * const body = JSON.stringify({ type: 'identify', userId: 'u1' });
 * const headers = { 'x-signature': await sign(body, 'shh') };
 * await fetch('http://localhost:3000/segment', { method: 'POST', headers, body });
 * ```
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/actions-webhook/ | Segment: Webhooks (Actions)}
 */
export async function sign(body: string, secret: string): Promise<string> {
  if (secret === '') throw new TypeError('"secret" is empty. Pass the shared secret of the webhook destination.');
  const mac = await crypto.subtle.sign(algorithm, await keyOf(secret), new TextEncoder().encode(body));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Checks in constant time that a body was signed with one of the secrets.
 *
 * Shape: `await verify(await request.text(), request.headers.get('x-signature'), ['shh'])`. Hex digits may be
 * upper-case.
 *
 * @param body - The body exactly as it was received; do not parse it and stringify it again.
 * @param signature - The value of `X-Signature`, or `null` if the header is absent.
 * @param secrets - The accepted secrets. Pass the old and the new one while you rotate a secret.
 * @returns A promise that resolves if the signature matches.
 * @throws `SignatureError` with code `missing`, `malformed` (not 40 hex digits) or `mismatch`. No value of the header
 * causes any other error.
 *
 * @example
 * ```ts
 * import { verify } from 'segment-onesignal/webhook';
 *
 * export async function receive(request: Request): Promise<unknown> {
 *   const body = await request.text();
 *   await verify(body, request.headers.get('x-signature'), ['new secret', 'old secret']);
 *   return JSON.parse(body);
 * }
 * ```
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/actions-webhook/ | Segment: Webhooks (Actions)}
 */
export async function verify(body: string, signature: string | null, secrets: readonly string[]): Promise<void> {
  return verifyBytes(new TextEncoder().encode(body), signature, secrets);
}

/**
 * Checks a signature over bytes, as {@link verify} does over a string.
 *
 * @throws {@link SignatureError}
 * @internal
 */
export async function verifyBytes(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string | null,
  secrets: readonly string[],
): Promise<void> {
  const problem = signatureFormProblem(signature);
  if (problem !== undefined) throw problem;
  const mac = Uint8Array.from(signature?.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  const holds = await Promise.all(
    // Web Crypto rejects an empty key, and an empty secret must not authorize anything.
    secrets
      .filter((secret) => secret !== '')
      .map(async (secret) => crypto.subtle.verify(algorithm, await keyOf(secret), mac, bytes)),
  );
  if (!holds.includes(true)) {
    throw new SignatureError(
      'mismatch',
      'X-Signature does not match this body and secret. Compare the shared secrets of both sides.',
    );
  }
}

/**
 * The problem with a signature that no body could match; `undefined` if some body may match it.
 *
 * @internal
 */
export function signatureFormProblem(signature: string | null): SignatureError | undefined {
  // node:http gives `undefined` for an absent header, even where its types say otherwise.
  if (signature === null || signature === undefined || signature === '') {
    return new SignatureError('missing', 'X-Signature is missing. Set the shared secret in the webhook destination.');
  }
  if (!/^[0-9a-f]{40}$/i.test(signature)) {
    return new SignatureError('malformed', 'X-Signature must be 40 hex digits, the HMAC-SHA1 of the body');
  }
  return undefined;
}

function keyOf(secret: string) {
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign', 'verify']);
}
