import { checkNames } from '../known-options.js';
import { refuse } from '../option-rules.js';
import { isUuid } from './is-uuid.js';

/** Credentials for the OneSignal API, which are not checked yet. @internal */
export interface Access {
  /** App API key. */
  apiKey?: unknown;
  /** By default `Basic` for a legacy REST API key, otherwise `Key`. */
  authScheme?: unknown;
}

/** Where an app's id and keys are found, for messages. @internal */
export const dashboard = 'the OneSignal dashboard (Settings > Keys & IDs)';

/** A legacy REST API key is a UUID in base64; newer keys have underscores in them. */
const legacyKey = /^[A-Za-z\d]{48}$/;

/**
 * The headers that authorize a request.
 *
 * @throws {@link ConfigurationError} if the key is missing or cannot be sent in a header.
 * @internal
 */
export function authorization(access: Access): { authorization: string } {
  const { apiKey, authScheme } = access;
  if (apiKey === undefined && 'apiKey' in access)
    refuse('missing', 'apiKey', '"apiKey" is undefined. Check that its environment variable is set.');
  if (apiKey === undefined || apiKey === '')
    refuse('missing', 'apiKey', `"apiKey" is missing. Copy the App API key from ${dashboard}.`);
  const slip = typeof apiKey === 'string' ? slipIn(apiKey) : undefined;
  if (slip !== undefined) refuse('invalid', 'apiKey', slip);
  // `fetch` would refuse such a header too, with an error that quotes the key.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey))
    refuse(
      'invalid',
      'apiKey',
      `"apiKey" must be a string of ASCII characters without white space. Copy it again from ${dashboard}.`,
    );
  if (authScheme !== undefined && authScheme !== 'Key' && authScheme !== 'Basic')
    refuse('invalid', 'authScheme', '"authScheme" must be "Key", or "Basic" for a legacy key.');
  return { authorization: `${authScheme ?? (legacyKey.test(apiKey) ? 'Basic' : 'Key')} ${apiKey}` };
}

/** What is pasted in place of an App API key most often. */
function slipIn(apiKey: string): string | undefined {
  const [, scheme] = /^(basic|key|bearer)\s/i.exec(apiKey) ?? [];
  if (scheme !== undefined) return `"apiKey" begins with "${scheme}". Pass the key alone.`;
  if (/^(["']).*\1$/.test(apiKey)) return `"apiKey" has quotes around it. Pass the key alone.`;
  if (apiKey.startsWith('os_v2_org_'))
    return `"apiKey" is an Organization API key, which cannot write to an app. Copy the App API key from ${dashboard}.`;
  if (isUuid(apiKey))
    return `"apiKey" is a UUID, such as an App ID or a key ID. Copy the App API key from ${dashboard}.`;
  return undefined;
}

/**
 * The base of every URL, without a trailing slash.
 *
 * @throws {@link ConfigurationError} if `baseUrl` is not a plain http(s) URL.
 * @internal
 */
export function readBaseUrl(baseUrl = 'https://api.onesignal.com'): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash)
    refuse(
      'invalid',
      'baseUrl',
      '"baseUrl" must be an http(s) URL without credentials, query or fragment, such as "https://api.onesignal.com".',
    );
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * Checks that options are given and have known names. Types do not protect JavaScript callers, and a misspelled
 * `baseUrl` would send personal data and the key to the wrong host.
 *
 * @throws {@link ConfigurationError} if options are missing or one of them is unknown.
 * @internal
 */
export function checkTransportOptions(options: unknown, factory: string, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    refuse('missing', 'options', `Options are missing. Call ${factory}({ apiKey }).`);
  checkNames(options, names);
}

/**
 * The body of a response that was read as text: parsed if it is JSON, `undefined` if it is empty, otherwise the text.
 *
 * @internal
 */
export function parseResponseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
