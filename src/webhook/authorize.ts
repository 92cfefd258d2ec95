import { SignatureError } from '../errors.js';
import { isRecord } from '../record.js';
import type { WebhookSettings } from './check-options.js';
import { isOneOf } from './constant-time.js';
import type { JsonBody } from './read-body.js';
import { Refusal } from './refusal.js';
import { verify } from './signature.js';
import type { TrackingCall } from './tracking-api.js';

/** The part of a request that is known before its body is read. */
export interface RequestHead {
  headers: Headers;
  /** `undefined` on a webhook path. */
  call: TrackingCall | undefined;
}

/**
 * Checks everything that can be checked before the body is read (W1).
 *
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkHeaders({ headers, call }: RequestHead, settings: WebhookSettings): Promise<void> {
  const { secrets, tokens, writeKeys, allowUnsigned } = settings;
  const isChecked = call === undefined ? secrets !== undefined || tokens !== undefined : writeKeys !== undefined;
  if (!isChecked && !allowUnsigned) {
    throw denied(
      call === undefined
        ? 'Webhook paths accept no events until secrets or tokens is set. Set one, or send to /v1/batch.'
        : 'Tracking API paths (/v1/…) accept no events until writeKeys is set. Set it, or send to another path.',
    );
  }
  if (call === undefined && tokens !== undefined && !(await isOneOf(bearerOf(headers), tokens))) {
    throw denied('Authorization must be "Bearer " and one of tokens. Set this header in the webhook destination.');
  }
}

/**
 * Checks the signature or, for the Tracking API, the write key, which Segment's libraries send in a header or in the
 * body.
 *
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkBody(
  { headers, call }: RequestHead,
  text: string,
  body: JsonBody,
  settings: WebhookSettings,
): Promise<void> {
  if (call !== undefined) await checkWriteKey(headers, body, settings);
  else if (settings.secrets !== undefined) {
    await checkSignature(headers.get('x-signature'), text, body, settings.secrets, settings.acceptsFirstEvent);
  }
}

async function checkWriteKey(headers: Headers, body: JsonBody, { writeKeys }: WebhookSettings): Promise<void> {
  if (writeKeys === undefined) return;
  const inBody = body.ok && isRecord(body.value) && typeof body.value.writeKey === 'string' ? body.value.writeKey : '';
  const key = headers.has('authorization') ? basicUserOf(headers) : inBody;
  if (!(await isOneOf(key, writeKeys))) {
    throw denied('The write key is not one of writeKeys. Set one of them as the write key of the Segment library.');
  }
}

async function checkSignature(
  signature: string | null,
  text: string,
  body: JsonBody,
  secrets: readonly string[],
  acceptsFirstEvent: boolean,
): Promise<void> {
  const problem = await signatureProblem(text, signature, secrets);
  if (problem === undefined) return;
  const first = problem.code === 'mismatch' && body.ok ? firstEventOf(body.value) : undefined;
  if (first === undefined || (await signatureProblem(first, signature, secrets)) !== undefined) {
    throw denied(problem.message);
  }
  if (!acceptsFirstEvent) {
    throw denied(
      "X-Signature covers only the first event of the batch. Turn batching off, or set tokens or batchSignature: 'first-event'.",
    );
  }
}

async function signatureProblem(
  text: string,
  signature: string | null,
  secrets: readonly string[],
): Promise<SignatureError | undefined> {
  try {
    await verify(text, signature, secrets);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof SignatureError) return thrown;
    throw thrown;
  }
}

/**
 * Segment writes the batch with JSON.stringify, so stringifying its first event again gives the bytes that it signed.
 */
function firstEventOf(body: unknown): string | undefined {
  if (!Array.isArray(body) || body.length === 0) return undefined;
  try {
    return JSON.stringify(body[0]);
  } catch {
    // Nested too deeply to stringify.
    return undefined;
  }
}

function bearerOf(headers: Headers): string {
  return /^bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';
}

/** The user name of `Basic base64(user:password)`; Segment's libraries leave the password empty. */
function basicUserOf(headers: Headers): string {
  const encoded = /^basic +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes).split(':', 1)[0] ?? '';
  } catch {
    return '';
  }
}

function denied(message: string): Refusal {
  return new Refusal(401, message);
}
