/** Thrown to end a request with the given answer, from any depth. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** The answer. */
  readonly response: Response;
  /** The reason alone, for endpoints that answer in another envelope. */
  readonly reason: string | undefined;

  constructor(response: Response, reason?: string) {
    super(reason ?? `refused with ${response.status}`);
    this.response = response;
    this.reason = reason;
  }
}

export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': 'application/json' } });
}

/** The envelope of users, aliases and subscriptions (docs/onesignal.md 7, `StructuredErrorResponse`). */
export function structuredError(status: number, code: string, title: string, meta?: unknown): Response {
  return answerJson(status, { errors: [meta === undefined ? { code, title } : { code, title, meta }] });
}

/** The envelope of segments, and of errors before routing (docs/onesignal.md 7, `BasicErrorResponse`). */
export function basicError(status: number, error: string, more: Record<string, unknown> = {}): Response {
  return answerJson(status, { ...more, errors: [error] });
}

/** A 400 of a user endpoint. OneSignal documents the envelope, but no code except `request-1` (docs/onesignal.md 7). */
export function invalid(title: string): Refused {
  return new Refused(structuredError(400, 'invalid-request', title), title);
}

/** According to OneSignal's API description, a 400 for creating or moving a subscription uses the other envelope. */
export function inBasicEnvelope(answer: () => Response): Response {
  try {
    return answer();
  } catch (thrown) {
    if (thrown instanceof Refused && thrown.reason !== undefined) return basicError(400, thrown.reason);
    throw thrown;
  }
}

/** docs/onesignal.md 2.5: the answer to an alias with an id that is not a UUID. */
export function invalidUuid(label: string, id: string): Refused {
  const title = 'Invalid UUID';
  return new Refused(structuredError(400, 'request-1', title, { [label]: id }), title);
}

/** docs/onesignal.md 2.6: the answer for an unknown subscription, and for an unknown user who should receive one. */
export function subscriptionNotFound(): Refused {
  return new Refused(structuredError(404, 'subscription-0', 'Subscription not found'));
}

/** docs/onesignal.md 7: the answer to a wrong key, with the two spaces that OneSignal writes. */
export function accessDenied(): Response {
  return basicError(
    403,
    "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).",
  );
}

/** docs/onesignal.md 6: a 429 always has `Retry-After`, and each family has its own envelope. */
export function rateLimited(family: Family, retryAfterSeconds: number): Response {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  const title = 'API rate limit exceeded';
  return family === 'users'
    ? answerJson(429, { errors: [{ code: 'Rate Limit Exceeded', title }] }, headers)
    : answerJson(429, { errors: [title] }, headers);
}

/** A family of endpoints that share an error format. Aliases and subscriptions belong to `users`. */
export type Family = 'users' | 'segments' | 'custom_events';

export function familyOf(path: string): Family {
  const family = /^\/apps\/[^/]+\/(segments|custom_events)(?=[/?]|$)/.exec(path)?.[1];
  return family === 'segments' || family === 'custom_events' ? family : 'users';
}
