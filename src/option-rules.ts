import { ConfigurationError, type ConfigurationErrorCode } from './errors.js';
import { isRecord, recordOf } from './record.js';
import { suggestName } from './suggest-name.js';

// Written by hand rather than with zod, so that the mapping functions can check their options without bundling a schema
// library. A rule is pure, and throws for the first thing that is wrong.

/** Checks the value of an option. Throws a {@link ConfigurationError} if it cannot work. */
export type Rule = (value: unknown, option: string) => void;

/** A rule for each option, by the option's name. */
export type Rules = Readonly<Record<string, Rule>>;

/** Throws a {@link ConfigurationError} about an option. @internal */
export function refuse(code: ConfigurationErrorCode, option: string, message: string): never {
  throw new ConfigurationError(code, option, message);
}

/**
 * Creates a rule from a predicate. `expected` completes a sentence such as `"delivery.retries" must be …`.
 *
 * @internal
 */
export function mustBe(expected: string, isRight: (value: unknown) => boolean): Rule {
  return (value, option) => {
    if (!isRight(value)) refuse('invalid', option, `"${option}" must be ${expected}.`);
  };
}

/** @internal */
export const isString = (value: unknown): value is string => typeof value === 'string';

/** @internal */
export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** The value must be one of these strings. @internal */
export function oneOf(...values: [string, ...string[]]): Rule {
  const quoted = values.map((value) => `'${value}'`).join(', ');
  return mustBe(quoted.replace(/, ([^,]+)$/, ' or $1'), (value) => values.some((one) => one === value));
}

/** The value must be an integer ≥ `least`. @internal */
export function integer(least: number): Rule {
  return mustBe(`an integer ≥ ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);
}

/** The value must be an array, and each element must follow the rule. @internal */
export function arrayOf(element: Rule, expected = 'an array of strings'): Rule {
  const array = mustBe(expected, Array.isArray);
  return (value, option) => {
    array(value, option);
    if (Array.isArray(value)) for (const [index, one] of value.entries()) element(one, `${option}.${index}`);
  };
}

/** Chooses the rule by the kind of the value: an array, an object or anything else. @internal */
export function byKind(other: Rule, kinds: { array?: Rule; object?: Rule }): Rule {
  return (value, option) => {
    const kind = Array.isArray(value) ? kinds.array : isRecord(value) ? kinds.object : undefined;
    (kind ?? other)(value, option);
  };
}

/**
 * Refuses the first option whose name is unknown, with a suggestion: a misspelled option would silently do nothing.
 *
 * @param parent - Path of the options, or `''`.
 * @param advice - Text to add to the message.
 * @internal
 */
export function checkNames(options: object, known: readonly string[], parent = '', advice = ''): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const path = pathOf(parent, unknown);
  refuse('unknown_option', path, `Unknown option "${path}". ${suggestName(unknown, known)}${advice}`);
}

/**
 * The value must be an object of options, none of them unknown. Options may be absent or `undefined`.
 *
 * @param required - The option that must be given.
 * @param advice - Text to add to the message about an unknown option.
 * @internal
 */
export function optionsOf(rules: Rules, required?: string, advice = ''): Rule {
  return (value, option) => {
    mustBe('an object', isRecord)(value, option || 'options');
    const given = recordOf(value);
    checkNames(given, Object.keys(rules), option, advice);
    for (const [name, rule] of Object.entries(rules))
      if (given[name] !== undefined || name === required) rule(given[name], pathOf(option, name));
  };
}

function pathOf(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
