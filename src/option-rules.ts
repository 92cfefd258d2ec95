import { ConfigurationError, type ConfigurationErrorCode } from './errors.js';
import { isRecord, recordOf } from './record.js';
import { suggestName } from './suggest-name.js';

// Written by hand and not with zod, so that the mapping functions can check their options without bundling a schema
// library. Rules are functions of nothing but their arguments, and throw for the first thing that is wrong.

/** Checks the value of an option. Throws a {@link ConfigurationError} if it cannot work. */
export type Rule = (value: unknown, option: string) => void;

/** Rules by the name of the option. */
export type Rules = Readonly<Record<string, Rule>>;

/** Throws the error about an option. @internal */
export function refuse(code: ConfigurationErrorCode, option: string, message: string): never {
  throw new ConfigurationError(code, option, message);
}

/** A rule from a test. `expected` completes a sentence such as `"delivery.retries" must be …`. @internal */
export function mustBe(expected: string, isRight: (value: unknown) => boolean): Rule {
  return (value, option) => {
    if (!isRight(value)) refuse('invalid', option, `"${option}" must be ${expected}.`);
  };
}

/** @internal */
export const isString = (value: unknown): value is string => typeof value === 'string';

/** @internal */
export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** One of the given strings. @internal */
export function oneOf(...values: [string, ...string[]]): Rule {
  const quoted = values.map((value) => `'${value}'`).join(', ');
  return mustBe(quoted.replace(/, ([^,]+)$/, ' or $1'), (value) => values.some((one) => one === value));
}

/** An integer, at least as large as the given one. @internal */
export function integer(least: number): Rule {
  return mustBe(`an integer ≥ ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);
}

/** An array whose elements follow a rule. @internal */
export function arrayOf(element: Rule, expected = 'an array of strings'): Rule {
  const array = mustBe(expected, Array.isArray);
  return (value, option) => {
    array(value, option);
    if (Array.isArray(value)) for (const [index, one] of value.entries()) element(one, `${option}.${index}`);
  };
}

/** A value for which a rule of its own is chosen: an object, an array, or any other. @internal */
export function byKind(other: Rule, kinds: { array?: Rule; object?: Rule }): Rule {
  return (value, option) => {
    const kind = Array.isArray(value) ? kinds.array : isRecord(value) ? kinds.object : undefined;
    (kind ?? other)(value, option);
  };
}

/**
 * An object of options. Options may be absent or `undefined`, and unknown ones are refused with a suggestion.
 *
 * @param required - The option that must be given.
 * @param advice - Follows the message about an unknown option.
 * @internal
 */
export function optionsOf(rules: Rules, required?: string, advice = ''): Rule {
  return (value, option) => {
    mustBe('an object', isRecord)(value, option || 'options');
    const given = recordOf(value);
    const pathOf = (name: string) => (option === '' ? name : `${option}.${name}`);
    for (const name of Object.keys(given)) {
      const path = pathOf(name);
      if (!Object.hasOwn(rules, name))
        refuse('unknown_option', path, `Unknown option "${path}". ${suggestName(name, Object.keys(rules))}${advice}`);
    }
    for (const [name, rule] of Object.entries(rules))
      if (given[name] !== undefined || name === required) rule(given[name], pathOf(name));
  };
}
