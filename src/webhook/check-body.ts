import { SignatureError } from '../errors.js';
import { denied } from '../receiving/refusal.js';
import { type FirstItem, firstItemOf, readStringField } from '../receiving/scan-json.js';
import { checkWriteKey, type RequestHead } from './check-headers.js';
import type { WebhookSettings } from './check-options.js';
import { verifyBytes } from './signature.js';

/** The largest first event that can be signed alone. Segment's events are far smaller. */
const maxContainersInFirstEvent = 10_000;
/** The deepest first event that is parsed before its signature is known to match. */
const maxUnverifiedDepth = 100;

/**
 * Authorizes a sender by the signature of the body or, for the Tracking API, by the write key in it (W1).
 *
 * It works on the bytes, because parsing is for authorized senders only.
 *
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkBody(
  { headers, call }: RequestHead,
  bytes: Uint8Array<ArrayBuffer>,
  settings: WebhookSettings,
): Promise<void> {
  const { secrets, writeKeys, acceptsFirstEvent } = settings;
  if (call === undefined) {
    if (secrets !== undefined) await checkSignature(bytes, headers.get('x-signature'), secrets, acceptsFirstEvent);
  } else if (writeKeys !== undefined) {
    await checkWriteKey(readStringField(bytes, 'writeKey') ?? '', writeKeys);
  }
}

async function checkSignature(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string | null,
  secrets: readonly string[],
  acceptsFirstEvent: boolean,
): Promise<void> {
  const matches = async (signed: Uint8Array<ArrayBuffer>) =>
    (await problemOf(signed, signature, secrets)) === undefined;
  const problem = await problemOf(bytes, signature, secrets);
  if (problem === undefined) return;
  const first = firstItemOf(bytes, maxContainersInFirstEvent);
  if (first === undefined || !(await isSigned(first, matches))) throw denied(problem.message);
  // A signature of the only event covers everything.
  if (first.isOnly || acceptsFirstEvent) return;
  throw denied(
    "X-Signature covers only the first event of the batch. Turn batching off, or set tokens or batchSignature: 'first-event'.",
  );
}

/**
 * Segment's own bytes are signed as they are. A proxy may have formatted them, so they are also compared in Segment's
 * form.
 */
async function isSigned(
  { bytes, depth }: FirstItem,
  matches: (signed: Uint8Array<ArrayBuffer>) => Promise<boolean>,
): Promise<boolean> {
  if (await matches(bytes)) return true;
  if (depth > maxUnverifiedDepth) return false;
  const stringified = stringify(bytes);
  return stringified !== undefined && matches(stringified);
}

/** Segment writes and signs events with JSON.stringify. */
function stringify(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return new TextEncoder().encode(JSON.stringify(JSON.parse(text, finite)));
  } catch {
    return undefined;
  }
}

/** `1e999` is parsed as Infinity, which JSON.stringify writes as null, so one signature would cover both values. */
function finite(_name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError();
  return value;
}

async function problemOf(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string | null,
  secrets: readonly string[],
): Promise<SignatureError | undefined> {
  try {
    await verifyBytes(bytes, signature, secrets);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof SignatureError) return thrown;
    throw thrown;
  }
}
