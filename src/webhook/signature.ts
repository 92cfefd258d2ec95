import { SignatureError } from '../errors.js';

const algorithm = { name: 'HMAC', hash: 'SHA-1' };

/**
 * Signs a body as Segment's webhook destinations do: HMAC-SHA1, hex, which they send as `X-Signature`. For tests of your own receiver.
 *
 * Test vectors, `sign(body, secret)`:
 *
 * - `sign('what do ya want for nothing?', 'Jefe')` is `effcdf6ae5eb2fa2d27416d5f184df9c259a7c79` (RFC 2202, case 2)
 * - `sign('{"type":"identify","userId":"u1"}', 'shh')` is `14cba10a0efe3a51852ac2b6e012406470ee4833`
 * - `sign('{"name":"Zoë 🐝"}', 'schlüssel')` is `2b105767165bd4b9739b53130bcc027878b10f5b`
 *
 * @param body - The text as it is sent; it is signed as UTF-8. For a batch as Segment signs it, the first event: `JSON.stringify(events[0])`.
 * @param secret - The destination's shared secret.
 * @returns 40 lower-case hex digits.
 * @throws TypeError where the secret is empty: nothing would be signed with it.
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
 * @see {@link https://segment.com/docs/connections/destinations/catalog/actions-webhook/ | Segment: Webhooks (Actions), Shared Secret}
 */
export async function sign(body: string, secret: string): Promise<string> {
  if (secret === '') throw new TypeError('the secret is empty: give the shared secret of the webhook destination');
  const mac = await crypto.subtle.sign(algorithm, await keyOf(secret), new TextEncoder().encode(body));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Checks a signature against one or several secrets (several, while a secret is being changed), in constant time.
 *
 * Shape: `await verify(await request.text(), request.headers.get('x-signature'), ['shh'])`. Upper-case hex counts as well.
 *
 * @param body - The text as it came, not parsed and written again.
 * @param signature - The value of `X-Signature`, or `null` where there is none.
 * @param secrets - The secrets that count.
 * @returns Resolves where the signature holds for one of the secrets.
 * @throws `SignatureError` with code `missing`, `malformed` (no 40 hex digits) or `mismatch`; no other error, whatever the signature is.
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
 * @see {@link https://segment.com/docs/connections/destinations/catalog/actions-webhook/ | Segment: Webhooks (Actions), Shared Secret}
 */
export async function verify(body: string, signature: string | null, secrets: readonly string[]): Promise<void> {
  // `undefined` is what node:http has for an absent header; its types do not always say so.
  if (signature === null || signature === undefined || signature === '') {
    throw new SignatureError('missing', 'X-Signature is missing: set the shared secret in the webhook destination');
  }
  if (!/^[0-9a-f]{40}$/i.test(signature)) {
    throw new SignatureError('malformed', 'X-Signature must be 40 hex digits: HMAC-SHA1 of the body');
  }
  const mac = Uint8Array.from(signature.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  const bytes = new TextEncoder().encode(body);
  const holds = await Promise.all(
    // Web Crypto takes no empty key, and an empty secret must not vouch for anything.
    secrets
      .filter((secret) => secret !== '')
      .map(async (secret) => crypto.subtle.verify(algorithm, await keyOf(secret), mac, bytes)),
  );
  if (!holds.includes(true)) {
    throw new SignatureError('mismatch', 'X-Signature is not of this body and secret: compare the shared secrets');
  }
}

function keyOf(secret: string) {
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign', 'verify']);
}
