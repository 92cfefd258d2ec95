import { maxTexts } from './limits.js';
import { fieldNamesOf, readField } from './read-foreign.js';

/**
 * Collects all strings and numbers in a value at any depth: a person's data, to be redacted. Stops when there are more
 * than a redactor looks for.
 *
 * @internal
 */
export function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>();
  const seen = new Set<unknown>();
  const rest = [value];
  while (rest.length > 0 && texts.size <= maxTexts) {
    const next = rest.pop();
    if (typeof next === 'string' || typeof next === 'number' || typeof next === 'bigint') texts.add(String(next));
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const key of fieldNamesOf(next)) rest.push(readField(next, key));
  }
  return texts;
}
