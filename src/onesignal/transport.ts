/** An HTTP request as data. It holds no secret; its `path` holds a person's id. */
export interface OneSignalRequest {
  /** The HTTP method. */
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the host on, percent-encoded: `/apps/{app}/users/by/external_id/u1`. */
  path: string;
  /** JSON. */
  body?: unknown;
}

/** An HTTP response as data, whatever client it came from. */
export interface OneSignalResponse {
  /** The HTTP status. */
  status: number;
  /** Pairs (`Headers`, `Map`) or a record; read without regard to case. */
  headers: Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>;
  /** The parsed JSON, or the text, JSON or not, which is parsed then; `undefined` or `''` where there was nothing. */
  body: unknown;
}

/** What {@link Transport.send} is told besides the request. */
export interface SendOptions {
  /** Aborts the request; the transport then rejects. */
  signal: AbortSignal;
}

/**
 * The one seam to the network: turns a request into a response.
 *
 * It rejects only when no response came: a 400 or 500 is a response. Adds the key, sends JSON, retries nothing.
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
 *       redirect: 'manual', // a redirect would carry people's data to another host
 *       headers: { authorization: `Key ${process.env.ONESIGNAL_API_KEY}`, 'content-type': 'application/json' },
 *       ...(body === undefined ? {} : { body: JSON.stringify(body) }),
 *     });
 *     return { status: response.status, headers: response.headers, body: await response.text() };
 *   },
 * };
 * ```
 */
export interface Transport {
  /** Sends one request once. */
  send(request: OneSignalRequest, options: SendOptions): Promise<OneSignalResponse>;
}
