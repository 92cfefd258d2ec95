import { ConfigurationError } from '../errors.js';

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
