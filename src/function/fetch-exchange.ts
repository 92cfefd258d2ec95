import type { StartExchange } from '../delivery/sending/exchange.js';
import { type Access, authorization, parseResponseBody, readBaseUrl } from '../onesignal/http-options.js';

/**
 * Sends by the `fetch` that is there, looked up at each request: the node-fetch 2.6.0 of Segment's runtime, or a standard one.
 *
 * @throws {@link ConfigurationError} where the key is missing or cannot be a header.
 * @see {@link https://segment.com/docs/connections/functions/destination-functions/#runtime-and-dependencies | Segment: Functions, runtime}
 * @internal
 */
export function createFetchExchange(access: Access, timeoutMs: number): StartExchange {
  const base = readBaseUrl();
  const headers = { ...authorization(access), 'content-type': 'application/json' };

  return ({ method, path, body }) => {
    // Segment's runtime has no AbortController; there node-fetch's own time-out closes the socket, which a standard fetch ignores.
    const controller = typeof AbortController === 'undefined' ? undefined : new AbortController();
    const init = {
      method,
      headers,
      timeout: timeoutMs,
      // A redirect would carry the body, and with it people's data, to a host that nobody chose.
      redirect: 'manual' as const,
      ...(controller === undefined ? {} : { signal: controller.signal }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const send = async () => {
      const response = await fetch(base + path, init);
      return { status: response.status, headers: response.headers, body: parseResponseBody(await response.text()) };
    };
    return { answer: send(), abort: () => controller?.abort() };
  };
}
