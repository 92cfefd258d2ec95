import { ConfigurationError } from '../errors.js';
import { suggestName } from '../suggest-name.js';

/** What proves that a request may be made. */
export interface Access {
  /** An App API key. */
  apiKey: string;
  /** `Basic` for legacy REST API keys. */
  authScheme?: 'Key' | 'Basic' | undefined;
}

/**
 * The headers that authorize a request.
 *
 * @throws {@link ConfigurationError} where the key is missing or cannot be a header.
 * @internal
 */
export function authorization({ apiKey, authScheme = 'Key' }: Access): { authorization: string } {
  if (apiKey === undefined || apiKey === '') {
    throw new ConfigurationError(
      'missing',
      'apiKey',
      'apiKey is missing: give the App API key (OneSignal dashboard, Settings > Keys & IDs)',
    );
  }
  // fetch would refuse such a header with an error that quotes it.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigurationError(
      'invalid',
      'apiKey',
      'apiKey must be a text without white space and line ends: copy it again (OneSignal dashboard, Settings > Keys & IDs)',
    );
  }
  if (authScheme !== 'Key' && authScheme !== 'Basic') {
    throw new ConfigurationError('invalid', 'authScheme', "authScheme must be 'Key' or 'Basic' (legacy keys)");
  }
  return { authorization: `${authScheme} ${apiKey}` };
}

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

/**
 * JavaScript callers: a misspelt `baseUrl` would send everything, and with it the key, to the wrong place.
 *
 * @throws {@link ConfigurationError} where options are missing, or one has another name than those of the factory.
 * @internal
 */
export function checkNames(options: unknown, factory: string, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError('missing', 'options', `options are missing: ${factory}({ apiKey })`);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(
    'unknown_option',
    unknown,
    `Unknown option "${unknown}". ${suggestName(unknown, names)}`,
  );
}

/**
 * The body of a response that was read as text: JSON where it is some, else the text; `undefined` where there is nothing.
 *
 * @internal
 */
export function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
