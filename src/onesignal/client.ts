import ky from 'ky';
import { isFunction, refuse } from '../option-rules.js';
import { authorization, checkTransportOptions, readBaseUrl } from './http-options.js';
import { identification } from './identification.js';
import { readFetchResponse } from './response-body.js';
import type { Transport } from './transport.js';

/** Options of {@link createOneSignalTransport}. */
export interface OneSignalTransportOptions {
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
   * Base URL of the OneSignal API.
   *
   * @defaultValue 'https://api.onesignal.com'
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
   * The `User-Agent` header. Chromium ignores it.
   *
   * @defaultValue `segment-onesignal/` and the version of this library
   */
  userAgent?: string | undefined;
  /**
   * The `fetch` to send requests with. Pass `sandbox.fetch` to run against an in-memory OneSignal.
   *
   * @defaultValue the global `fetch`, looked up for each request
   */
  fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Creates the default transport, which sends requests with ky.
 *
 * It does not retry, and every HTTP status counts as a response. It rejects only if there was no response.
 *
 * @throws {@link ConfigurationError} if an option is missing, invalid or unknown.
 *
 * @example
 * ```ts
 * import { createDestination, createOneSignalTransport } from 'segment-onesignal';
 *
 * const transport = createOneSignalTransport({ apiKey: 'os_v2_app_key', baseUrl: 'http://127.0.0.1:3000' });
 * export const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', transport });
 * ```
 *
 * @see {@link https://documentation.onesignal.com/docs/keys-and-ids | OneSignal: Keys & IDs}
 */
export function createOneSignalTransport(options: OneSignalTransportOptions): Transport {
  checkTransportOptions(options, 'createOneSignalTransport', [
    'apiKey',
    'authScheme',
    'baseUrl',
    'fetch',
    'partner',
    'userAgent',
  ]);
  const base = readBaseUrl(options.baseUrl);
  const headers = { ...authorization(options), ...identification(options) };
  if (options.fetch !== undefined && !isFunction(options.fetch))
    refuse(
      'invalid',
      'fetch',
      '"fetch" must be a function with the signature of the global fetch. Omit it to use the global one.',
    );
  // ky looks up the global `fetch` for each request if the option is absent, but does not accept `undefined`.
  const own = options.fetch === undefined ? {} : { fetch: options.fetch };

  return {
    async send({ method, path, body }, { signal }) {
      const response = await ky(base + path, {
        ...own,
        method,
        headers,
        signal,
        // Delivery decides on retries, timeouts and statuses, for every transport alike (D5, D6).
        retry: 0,
        timeout: false,
        throwHttpErrors: false,
        // Following a redirect would send personal data to a host that nobody configured.
        redirect: 'manual',
        ...(body === undefined ? {} : { json: body }),
      });
      return readFetchResponse(response);
    },
  };
}
