import { ConfigurationError } from '../errors.js';
import { suggestName } from '../suggest-name.js';

/**
 * Checks the names of options. A misspelled one would do nothing, and the test would pass.
 *
 * @throws `ConfigurationError` if one is unknown.
 * @internal
 */
export function checkNames(options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(
    'unknown_option',
    unknown,
    `Unknown option "${unknown}". ${suggestName(unknown, names)}`,
  );
}
