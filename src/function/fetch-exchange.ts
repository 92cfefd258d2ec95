import type { StartExchange } from '../delivery/sending/exchange.js';
import { type Access, authorization, readBaseUrl } from '../onesignal/http-options.js';
import { readFetchResponse } from '../onesignal/response-body.js';

/**
 * Sends requests with the global `fetch`, looked up for each request: node-fetch 2.6.0 in Segment's runtime, or a
 * standard one.
 *
 * @throws {@link ConfigurationError} if the key is missing or is not a valid header value.
 * @internal
 */
export function createFetchExchange(access: Access, timeoutMs: number): StartExchange {
  const base = readBaseUrl();
  const headers = { ...authorization(access), 'content-type': 'application/json' };

  return ({ method, path, body }) => {
    // Segment's runtime has no AbortController. There the `timeout` of node-fetch closes the socket; a standard fetch
    // ignores it.
    const controller = typeof AbortController === 'undefined' ? undefined : new AbortController();
    const init = {
      method,
      headers,
      timeout: timeoutMs,
      // Following a redirect would send the body, and the personal data in it, to a host that no one chose.
      redirect: 'manual' as const,
      ...(controller === undefined ? {} : { signal: controller.signal }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const send = async () => readFetchResponse(await fetch(base + path, init));
    return { answer: send(), abort: () => controller?.abort() };
  };
}
