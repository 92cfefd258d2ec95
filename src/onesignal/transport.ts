/** An HTTP request as data. It holds no secret, but its `path` and `body` hold personal data. */
export interface OneSignalRequest {
  /** HTTP method. */
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Percent-encoded path after the host: `/apps/{app}/users/by/external_id/u1`. */
  path: string;
  /** Body to send as JSON. Absent if there is none. */
  body?: unknown;
}

/** An HTTP response as data, whichever client received it. */
export interface OneSignalResponse {
  /** HTTP status. */
  status: number;
  /** Headers as pairs (`Headers`, `Map`) or as an object. The case of their names does not matter. */
  headers: Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the text of the body. `undefined` or `''` if there is no body. */
  body: unknown;
}

/** Options of {@link Transport.send}. */
export interface SendOptions {
  /** Aborts the request. The transport then rejects. */
  signal: AbortSignal;
}

/**
 * Sends requests to OneSignal. Implement it to use your own HTTP client.
 *
 * A transport adds the API key and sends the body as JSON. It does not retry. It rejects only if there was no response:
 * a 400 or 500 is a response.
 *
 * @example
 * ```ts
 * import type { Transport } from 'segment-onesignal';
 *
 * const transport: Transport = {
 *   async send({ method, path, body }, { signal }) {
 *     const response = await fetch(`https://api.onesignal.com${path}`, {
 *       method,
 *       signal,
 *       redirect: 'manual', // following a redirect would send personal data to another host
 *       headers: { authorization: `Key ${process.env.ONESIGNAL_API_KEY}`, 'content-type': 'application/json' },
 *       ...(body === undefined ? {} : { body: JSON.stringify(body) }),
 *     });
 *     return { status: response.status, headers: response.headers, body: await response.text() };
 *   },
 * };
 * ```
 */
export interface Transport {
  /** Sends a request once. */
  send(request: OneSignalRequest, options: SendOptions): Promise<OneSignalResponse>;
}

/** One request in flight. @internal */
export interface Exchange {
  /** Rejects only if no response came. */
  readonly answer: Promise<OneSignalResponse>;
  /** Gives up on the answer. */
  abort(): void;
}

/**
 * Under this name a transport of our own starts a request that is aborted without an `AbortSignal`, which costs more
 * than the rest of the request. Two copies of the library share the name.
 *
 * @internal
 */
export const startExchange = Symbol.for('segment-onesignal.startExchange');

/** @internal */
export interface ExchangingTransport extends Transport {
  /** @param mayLeave - Asked right before the request leaves, if that is later: waiting for a connection takes time. */
  [startExchange](request: OneSignalRequest, mayLeave?: () => boolean): Exchange;
}
