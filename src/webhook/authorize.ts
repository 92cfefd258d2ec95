import { SignatureError } from '../errors.js';
import { isRecord } from '../record.js';
import type { WebhookSettings } from './check-options.js';
import { isOneOf } from './constant-time.js';
import type { ParsedBody } from './parse-body.js';
import { Refusal } from './refusal.js';
import { verify } from './signature.js';
import type { TrackingCall } from './tracking-api.js';

/** One request, as far as the checks look at it. */
export interface Presented {
  headers: Headers;
  /** `undefined` for a webhook's path. */
  call: TrackingCall | undefined;
}

/**
 * What can be told before the body is read.
 *
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkHeaders({ headers, call }: Presented, settings: WebhookSettings): Promise<void> {
  const { secrets, tokens, writeKeys, allowUnsigned } = settings;
  const isChecked = call === undefined ? secrets !== undefined || tokens !== undefined : writeKeys !== undefined;
  if (!isChecked && !allowUnsigned) {
    throw denied(
      call === undefined
        ? 'this path takes no events: set secrets or tokens, or point the sender at /v1/batch'
        : 'this path takes no events: set writeKeys, or point the sender at a path that does not begin with /v1/',
    );
  }
  if (call === undefined && tokens !== undefined && !(await isOneOf(bearerOf(headers), tokens))) {
    throw denied('Authorization must be "Bearer …" with one of tokens: set this header in the webhook destination');
  }
}

/**
 * What needs the body: the signature, or the write key, which libraries send in either place.
 *
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkBody(
  { headers, call }: Presented,
  text: string,
  body: ParsedBody,
  settings: WebhookSettings,
): Promise<void> {
  if (call !== undefined) await checkWriteKey(headers, body, settings);
  else if (settings.secrets !== undefined) {
    await checkSignature(headers.get('x-signature'), text, body, settings.secrets, settings.acceptsFirstEvent);
  }
}

async function checkWriteKey(headers: Headers, body: ParsedBody, { writeKeys }: WebhookSettings): Promise<void> {
  if (writeKeys === undefined) return;
  const inBody = body.ok && isRecord(body.value) && typeof body.value.writeKey === 'string' ? body.value.writeKey : '';
  const key = headers.has('authorization') ? basicUserOf(headers) : inBody;
  if (!(await isOneOf(key, writeKeys))) throw denied('the write key is not one of writeKeys: give it to the library');
}

async function checkSignature(
  signature: string | null,
  text: string,
  body: ParsedBody,
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
      "X-Signature covers only the first event of the batch: switch batching off, set tokens, or accept it with batchSignature: 'first-event'",
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

/** Segment wrote the batch with JSON.stringify, so that writing its first event again gives the bytes that were signed. */
function firstEventOf(body: unknown): string | undefined {
  if (!Array.isArray(body) || body.length === 0) return undefined;
  try {
    return JSON.stringify(body[0]);
  } catch {
    // Nested so deeply that it cannot be written.
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
