import ky from 'ky';
import { ConfigurationError } from '../errors.js';
import { authorization, checkNames, parseBody, readBaseUrl } from './http-options.js';
import type { Transport } from './transport.js';

/** How to reach OneSignal. */
export interface OneSignalTransportOptions {
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
   * A `fetch` of your own; `sandbox.fetch` runs everything in memory.
   * @defaultValue the global one, looked up at each request
   */
  fetch?: typeof globalThis.fetch | undefined;
}

/**
 * The default transport, on ky. It retries nothing and judges nothing: whatever status comes is a response; it rejects when none came.
 *
 * @throws {@link ConfigurationError} where the key is missing or cannot be a header, or the base URL is none.
 * @example
 * ```ts
 * import { createDestination, createOneSignalTransport } from 'segment-onesignal';
 *
 * const transport = createOneSignalTransport({ apiKey: 'os_v2_app_key', baseUrl: 'http://127.0.0.1:3000' });
 * export const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', transport });
 * ```
 * @see {@link https://documentation.onesignal.com/docs/keys-and-ids | OneSignal: Keys & IDs}
 */
export function createOneSignalTransport(options: OneSignalTransportOptions): Transport {
  checkNames(options, 'createOneSignalTransport', ['apiKey', 'authScheme', 'baseUrl', 'fetch']);
  const base = readBaseUrl(options.baseUrl);
  const headers = authorization(options);
  if (options.fetch !== undefined && typeof options.fetch !== 'function')
    throw new ConfigurationError(
      'invalid',
      'fetch',
      'fetch must be a function like the global one: leave it away to use that',
    );
  // `exactOptionalPropertyTypes`: ky takes an absent `fetch`, not an undefined one; it then looks the global one up at each request.
  const own = options.fetch === undefined ? {} : { fetch: options.fetch };

  return {
    async send({ method, path, body }, { signal }) {
      const response = await ky(base + path, {
        ...own,
        method,
        headers,
        signal,
        // Retries, time-outs and statuses are judged in one place, for every transport (spec D5, D6).
        retry: 0,
        timeout: false,
        throwHttpErrors: false,
        // A redirect would carry the body, and with it people's data, to a host that nobody chose.
        redirect: 'manual',
        ...(body === undefined ? {} : { json: body }),
      });
      return { status: response.status, headers: response.headers, body: parseBody(await response.text()) };
    },
  };
}
