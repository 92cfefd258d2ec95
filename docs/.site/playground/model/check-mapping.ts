import { ConfigurationError, defineMapping, type MappingOptions } from 'segment-onesignal';
import { type Problem, parseJson } from './json-problem.js';
import { rangeOf } from './json-range.js';

export type MappingResult = { readonly mapping: MappingOptions } | { readonly problem: Problem };

/** Reads mapping options, and lets `defineMapping` check them. */
export function checkMapping(text: string): MappingResult {
  const parsed = parseJson(text);
  if ('problem' in parsed) return parsed;
  try {
    // Anything but an object is refused, as it is in JavaScript.
    const options: MappingOptions = JSON.parse(text);
    return { mapping: defineMapping(options) };
  } catch (thrown) {
    return { problem: problemOf(text, thrown) };
  }
}

function problemOf(text: string, thrown: unknown): Problem {
  if (!(thrown instanceof ConfigurationError)) return { ...rangeOf(text, '', 'value'), message: String(thrown) };
  const { option, code, message } = thrown;
  const range = rangeOf(text, option === 'options' ? '' : option, code === 'unknown_option' ? 'name' : 'value');
  return { ...range, message };
}
