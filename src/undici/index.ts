/**
 * A transport for high-volume senders on Node. It runs on an `undici` Pool and uses about a tenth of the CPU of the
 * default one.
 *
 * Install `undici` next to this package.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { createUndiciTransport } from 'segment-onesignal/undici';
 *
 * const transport = createUndiciTransport({ apiKey: 'os_v2_app_key' });
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', transport });
 * await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * await transport.close(); // on shutdown; waits for the requests in flight
 * ```
 *
 * @module
 */
import { Pool } from 'undici';
import { authorization, checkTransportOptions, readBaseUrl } from '../onesignal/http-options.js';
import { identification } from '../onesignal/identification.js';
import { maxResponseBytes } from '../onesignal/response-body.js';
import {
  type ExchangingTransport,
  type OneSignalRequest,
  startExchange,
  type Transport,
} from '../onesignal/transport.js';
import { refuse } from '../option-rules.js';
import { PoolExchange } from './pool-exchange.js';

/** How to reach OneSignal, and over how many connections. */
export interface UndiciTransportOptions {
  /**
   * App API key (OneSignal dashboard, Settings > Keys & IDs). It never appears in a plan, an outcome or an error.
   * `undefined`, as from `process.env`, is an error at run time.
   */
  apiKey: string | undefined;
  /**
   * Scheme of the `Authorization` header.
   *
   * @defaultValue `'Basic'` for a legacy REST API key (48 letters and digits), otherwise `'Key'`
   */
  authScheme?: 'Key' | 'Basic' | undefined;
  /**
   * URL of the OneSignal API. Change it to use a proxy or a sandbox.
   *
   * @defaultValue `'https://api.onesignal.com'`
   */
  baseUrl?: string | undefined;
  /**
   * Your company, if you take part in OneSignal's partner program. It is sent as
   * `OneSignal-Usage: Acme | Partner Integration`.
   *
   * @defaultValue none: the header is not sent
   */
  partner?: string | undefined;
  /**
   * The `User-Agent` header.
   *
   * @defaultValue `segment-onesignal/` and the version of this library
   */
  userAgent?: string | undefined;
  /**
   * Maximum number of connections. They are opened on demand and carry one request at a time.
   *
   * More than `delivery.concurrency` are never used.
   *
   * @defaultValue 64, like `delivery.concurrency`
   */
  connections?: number | undefined;
}

/** A transport that keeps connections open until it is closed. */
export interface UndiciTransport extends Transport {
  /**
   * Accepts no more requests, waits for those in flight and closes all connections.
   *
   * Optional: idle connections do not keep the process alive.
   *
   * @returns The same promise on every call.
   */
  close(): Promise<void>;
}

/**
 * Creates a transport on an undici Pool, without pipelining. Its responses are those of the default transport, at a
 * fraction of the CPU.
 *
 * It does not retry, and every status is a response, redirects included. It rejects with undici's own error (code
 * `UND_ERR_SOCKET`, `ECONNREFUSED` …) if no response arrived, and for every request after
 * {@link UndiciTransport.close}.
 *
 * @param options - How to reach OneSignal, and over how many connections.
 * @returns The transport.
 * @throws `ConfigurationError` if the key is missing or is not a valid header value, the base URL is not a valid URL,
 * or `connections` is not an integer ≥ 1.
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
  checkTransportOptions(options, 'createUndiciTransport', [
    'apiKey',
    'authScheme',
    'baseUrl',
    'connections',
    'partner',
    'userAgent',
  ]);
  const { connections = 64 } = options;
  if (!Number.isInteger(connections) || connections < 1)
    refuse('invalid', 'connections', '"connections" must be an integer ≥ 1.');
  const { origin, pathname } = new URL(readBaseUrl(options.baseUrl));
  const prefix = pathname === '/' ? '' : pathname;
  const headers = {
    ...authorization(options),
    ...identification(options),
    accept: '*/*',
    'accept-encoding': 'identity',
  };
  const headersWithBody = { ...headers, 'content-type': 'application/json' };
  // Delivery times out requests of every transport in the same way (D6), so undici's own timers are off.
  const limits = { headersTimeout: 0, bodyTimeout: 0, maxResponseSize: maxResponseBytes };
  const pool = new Pool(origin, { connections, pipelining: 1, ...limits });
  let closing: Promise<void> | undefined;

  const start = ({ method, path, body }: OneSignalRequest, mayLeave?: () => boolean): PoolExchange => {
    const content = body === undefined ? { headers } : { headers: headersWithBody, body: JSON.stringify(body) };
    return new PoolExchange(pool, { method, path: prefix + path, ...content }, mayLeave);
  };

  const transport: UndiciTransport & ExchangingTransport = {
    [startExchange]: start,
    async send(request, { signal }) {
      signal.throwIfAborted();
      const exchange = start(request);
      const abort = (): void => exchange.abort(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      try {
        return await exchange.answer;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    close() {
      closing ??= pool.close();
      return closing;
    },
  };
  return transport;
}
