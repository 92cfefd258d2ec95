import { ConfigurationError } from '../errors.js';

/**
 * The base of all URLs, without a slash at its end.
 *
 * @throws {@link ConfigurationError} where it is no http(s) URL.
 * @internal
 */
export function readBaseUrl(baseUrl = 'https://api.onesignal.com'): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash) {
    throw new ConfigurationError(
      'invalid',
      'baseUrl',
      "baseUrl must be an http(s) URL without credentials, query and fragment, for example 'https://api.onesignal.com'",
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}
