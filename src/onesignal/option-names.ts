import { ConfigurationError } from '../errors.js';

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
  const known = names.join(', ').replace(/, (?=\w+$)/, ' and ');
  throw new ConfigurationError('unknown_option', unknown, `${unknown} is no option of ${factory}: there are ${known}`);
}
