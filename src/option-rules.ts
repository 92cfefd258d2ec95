import { ConfigurationError, type ConfigurationErrorCode } from './errors.js';
import { isRecord, recordOf } from './record.js';

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
 * Checks options that are the value of another option. Errors name them by their path from that option on.
 *
 * @internal
 */
export function checkUnder(parent: string, check: () => void): void {
  try {
    check();
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    const { code, option, message } = thrown;
    refuse(code, `${parent}.${option}`, message.replaceAll(`"${option}`, `"${parent}.${option}`));
  }
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

/**
 * The value must be one of these strings.
 *
 * @param other - The last of the possible values, in words, if it is not one of the strings.
 * @internal
 */
export function oneOf(values: readonly string[], other?: string): Rule {
  const quoted = values.map((value) => `'${value}'`);
  const last = other ?? quoted.pop();
  return mustBe(`${quoted.join(', ')} or ${last}`, (value) => values.some((one) => one === value));
}

/** The value must be an integer ≥ `least`. @internal */
export function integer(least: number): Rule {
  return mustBe(`an integer ≥ ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);
}

/** The value must be an array, and each element must follow the rule. @internal */
export function arrayOf(element: Rule, expected = 'an array of strings'): Rule {
  return eachOf(mustBe(expected, Array.isArray), element);
}

/** The value must follow a rule, and so must everything in it. @internal */
export function eachOf(whole: Rule, part: Rule): Rule {
  return (value, option) => {
    whole(value, option);
    for (const [name, one] of Object.entries(Object(value))) part(one, `${option}.${name}`);
  };
}

/** Objects and arrays must follow the one rule, all other values the other rule. @internal */
export function objectOr(object: Rule, other: Rule): Rule {
  return (value, option) => (typeof value === 'object' ? object : other)(value, option);
}

/** Creates a rule for an object of options. The option `required` must be given. */
export type CreateOptionsRule = (rules: Rules, required?: string) => Rule;

/**
 * Creates rules for objects of options, none of them unknown: a misspelled option would silently do nothing. Options
 * may be absent or `undefined`.
 *
 * @param adviceOn - Says what to do about an unknown name. It is handed in, so that a bundle of one mapping function
 * does not contain the search for similar names.
 * @internal
 */
export function optionsRules(adviceOn: (name: string, known: readonly string[]) => string): CreateOptionsRule {
  return (rules, required) => (value, option) => {
    mustBe('an object', isRecord)(value, option || 'options');
    const given = recordOf(value);
    const start = option && `${option}.`;
    const known = Object.keys(rules);
    for (const name of Object.keys(given))
      if (!known.includes(name)) {
        const path = start + name;
        refuse('unknown_option', path, `Unknown option "${path}". ${adviceOn(name, known)}`);
      }
    for (const [name, rule] of Object.entries(rules))
      if (given[name] !== undefined || name === required) rule(given[name], start + name);
  };
}
