/**
 * A transport for Node that costs a tenth of the default one's CPU: on a Pool of `undici`, which you install beside this package.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { createUndiciTransport } from 'segment-onesignal/undici';
 *
 * const transport = createUndiciTransport({ apiKey: 'os_v2_app_key' });
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', transport });
 * await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * await transport.close(); // when the process ends: waits for what is in flight
 * ```
 * @module
 */
import { Pool } from 'undici';
import { ConfigurationError } from '../errors.js';
import { authorization, checkNames, parseResponseBody, readBaseUrl } from '../onesignal/http-options.js';
import type { Transport } from '../onesignal/transport.js';

/** How to reach OneSignal, and over how many connections. */
export interface UndiciTransportOptions {
  /** An App API key (Settings > Keys & IDs); it never appears in a plan, an outcome or an error. */
  apiKey: string;
  /**
   * `Basic` for legacy REST API keys.
   * @defaultValue 'Key'
   */
  authScheme?: 'Key' | 'Basic' | undefined;
  /**
   * Where OneSignal is.
   * @defaultValue 'https://api.onesignal.com'
   */
  baseUrl?: string | undefined;
  /**
   * Connections at the most, each with one request at a time; opened when needed. More than `delivery.concurrency` are never used.
   * @defaultValue 64, as `delivery.concurrency`
   */
  connections?: number | undefined;
}

/** A transport that holds connections open, and can be closed. */
export interface UndiciTransport extends Transport {
  /**
   * Takes no more requests, waits for those in flight and closes all connections. Not needed for a process to end: idle connections do not keep it alive.
   *
   * @returns The same promise each time.
   */
  close(): Promise<void>;
}

/**
 * A transport on an undici Pool, without pipelining: same options and same answers as the default one, at a tenth of the CPU and many times its throughput.
 *
 * It retries nothing and judges nothing: whatever status comes is a response, redirects too; it rejects with undici's error (`code: 'UND_ERR_SOCKET'`,
 * `'ECONNREFUSED'` …) when none came, and after {@link UndiciTransport.close}.
 *
 * @throws `ConfigurationError` where the key is missing or cannot be a header, the base URL is none, or `connections` is no whole number from 1 on.
 *
 * @example
 * ```ts
 * import { createUndiciTransport } from 'segment-onesignal/undici';
 *
 * export const transport = createUndiciTransport({ apiKey: 'os_v2_app_key', connections: 128 });
 * ```
 *
 * @see {@link https://undici.nodejs.org/#/docs/api/Pool | undici: Pool}
 */
export function createUndiciTransport(options: UndiciTransportOptions): UndiciTransport {
  checkNames(options, 'createUndiciTransport', ['apiKey', 'authScheme', 'baseUrl', 'connections']);
  const { connections = 64 } = options;
  if (!Number.isInteger(connections) || connections < 1)
    throw new ConfigurationError('invalid', 'connections', 'connections must be a whole number from 1 on');
  const { origin, pathname } = new URL(readBaseUrl(options.baseUrl));
  const prefix = pathname === '/' ? '' : pathname;
  const headers = { ...authorization(options), accept: '*/*', 'user-agent': 'segment-onesignal' };
  const headersWithBody = { ...headers, 'content-type': 'application/json' };
  // Time-outs are judged in one place, for every transport (spec D6); those of undici would be timers beside it.
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  let closing: Promise<void> | undefined;

  return {
    async send({ method, path, body }, { signal }) {
      const response = await pool.request({
        method,
        path: prefix + path,
        signal,
        ...(body === undefined ? { headers } : { headers: headersWithBody, body: JSON.stringify(body) }),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: parseResponseBody(await response.body.text()),
      };
    },
    close() {
      closing ??= pool.close();
      return closing;
    },
  };
}
