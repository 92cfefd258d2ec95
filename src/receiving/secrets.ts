import { refuse } from '../option-rules.js';

/**
 * Checks an option that holds secrets, and copies it.
 *
 * @throws {@link ConfigurationError} if it is not an array of non-empty strings without white space around them.
 * @internal
 */
export function readSecrets(name: string, values: unknown): readonly string[] {
  // Usually an unset environment variable; accepting it would let everyone in, or no one.
  if (
    !Array.isArray(values) ||
    values.length === 0 ||
    !values.every((value) => typeof value === 'string' && value !== '')
  ) {
    refuse(
      'invalid',
      name,
      `"${name}" must be an array of non-empty strings. Check that its environment variable is set.`,
    );
  }
  if (values.some((value) => value.trim() !== value)) {
    refuse('invalid', name, `"${name}" contains a value with leading or trailing white space. Trim it.`);
  }
  return [...values];
}
