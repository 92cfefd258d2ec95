/** Ends a request with the answer that it carries, from however deep. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** What OneSignal says. */
  readonly response: Response;
  /** What is wrong with the request, where another envelope may be wanted. */
  readonly reason: string | undefined;

  constructor(response: Response, reason?: string) {
    super(`refused with ${response.status}`);
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

/** The envelope of segments and of everything before routing (docs/onesignal.md 7, `BasicErrorResponse`). */
export function basicError(status: number, error: string, more: Record<string, unknown> = {}): Response {
  return answerJson(status, { ...more, errors: [error] });
}

/** A 400 of a user endpoint; OneSignal's documentation gives the envelope and no codes but `request-1` (docs/onesignal.md 7). */
export function invalid(title: string): Refused {
  return new Refused(structuredError(400, 'invalid-request', title), title);
}

/** OneSignal's API description: creating and moving a subscription answer a 400 in the other envelope than all of users' endpoints around them. */
export function inBasicEnvelope(answer: () => Response): Response {
  try {
    return answer();
  } catch (thrown) {
    if (thrown instanceof Refused && thrown.reason !== undefined) return basicError(400, thrown.reason);
    throw thrown;
  }
}

/** docs/onesignal.md 2.5: `request-1` is what aliases answer to an id that is no UUID. */
export function invalidUuid(label: string, id: string): Refused {
  const title = 'Invalid UUID';
  return new Refused(structuredError(400, 'request-1', title, { [label]: id }), title);
}

/** docs/onesignal.md 2.6. Subscriptions are not found with this code, and so are the users that were to get one. */
export function subscriptionNotFound(): Refused {
  return new Refused(structuredError(404, 'subscription-0', 'Subscription not found'));
}

/** docs/onesignal.md 6: 429 always carries `Retry-After`; each endpoint has its own envelope. */
export function rateLimited(family: Family, retryAfterSeconds: number): Response {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  const title = 'API rate limit exceeded';
  return family === 'users'
    ? answerJson(429, { errors: [{ code: 'Rate Limit Exceeded', title }] }, headers)
    : answerJson(429, { errors: [title] }, headers);
}

/** Which endpoints answer alike. */
export type Family = 'users' | 'segments' | 'custom_events';

/** Aliases and subscriptions answer as users do. */
export function familyOf(path: string): Family {
  const room = /^\/apps\/[^/]+\/(segments|custom_events)(?=[/?]|$)/.exec(path)?.[1];
  return room === 'segments' || room === 'custom_events' ? room : 'users';
}
