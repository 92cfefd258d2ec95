import { isOneOf } from '../receiving/constant-time.js';
import { denied } from '../receiving/refusal.js';
import type { WebhookSettings } from './check-options.js';
import { signatureFormProblem } from './signature.js';
import type { TrackingCall } from './tracking-api.js';

/** The part of a request that is known before its body is read. */
export interface RequestHead {
  headers: Headers;
  /** `undefined` on a webhook path. */
  call: TrackingCall | undefined;
}

/**
 * Checks everything that can be checked before the body is read (W1), because reading costs memory.
 *
 * @returns Whether the sender is authorized. If not yet, the body decides: its signature or the write key in it.
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkHeaders({ headers, call }: RequestHead, settings: WebhookSettings): Promise<boolean> {
  const { secrets, tokens, writeKeys, allowUnsigned } = settings;
  const isChecked = call === undefined ? secrets !== undefined || tokens !== undefined : writeKeys !== undefined;
  if (!isChecked && !allowUnsigned) {
    throw denied(
      call === undefined
        ? 'Webhook paths accept no events until secrets or tokens is set. Set one, or send to /v1/batch.'
        : 'Tracking API paths (/v1/…) accept no events until writeKeys is set. Set it, or send to another path.',
    );
  }
  if (call !== undefined) {
    if (writeKeys === undefined) return true;
    if (!headers.has('authorization')) return false;
    await checkWriteKey(basicUserOf(headers), writeKeys);
    return true;
  }
  if (tokens !== undefined && !(await isOneOf(bearerOf(headers), tokens))) {
    throw denied('Authorization must be "Bearer " and one of tokens. Set this header in the webhook destination.');
  }
  if (secrets === undefined) return true;
  const problem = signatureFormProblem(headers.get('x-signature'));
  if (problem !== undefined) throw denied(problem.message);
  return false;
}

/**
 * Checks a write key.
 *
 * @throws {@link Refusal} 401.
 * @internal
 */
export async function checkWriteKey(key: string, writeKeys: readonly string[]): Promise<void> {
  if (!(await isOneOf(key, writeKeys))) {
    throw denied('The write key is not one of writeKeys. Set one of them as the write key of the Segment library.');
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
