import { optionsOf } from '../known-options.js';
import { arrayOf, eachOf, integer, isFunction, isString, mustBe, oneOf, type Rule, refuse } from '../option-rules.js';
import { isRecord, recordOf } from '../record.js';
import { Refused } from './answers.js';
import { readNewSubscription } from './subscriptions/subscription-fields.js';

const boolean: Rule = /* @__PURE__ */ mustBe('true or false', (value) => typeof value === 'boolean');
const string: Rule = /* @__PURE__ */ mustBe('a string', isString);
const object: Rule = /* @__PURE__ */ mustBe('an object', isRecord);
const ms: Rule = /* @__PURE__ */ mustBe(
  'a number of milliseconds ≥ 0',
  (value) => typeof value === 'number' && value >= 0,
);

/**
 * Checks the options of `createSandbox`: a misspelled limit would make tests pass that should fail.
 *
 * @throws {@link ConfigurationError} for the first option that is wrong or unknown.
 */
export function checkSandboxOptions(options: unknown): void {
  optionsOf({
    apiKey: string,
    unknownUsers: oneOf(['missing', 'known']),
    tagLimit: integer(0),
    subscriptionOverflow: oneOf(['evict', 'refuse']),
    segmentLimit: integer(0),
    segmentsRefused: boolean,
    rateLimits: boolean,
    visibleAfterMs: ms,
    seed: mustBe('a number', (value) => typeof value === 'number'),
  })(options, '');
}

/**
 * Checks a fault.
 *
 * @param option - Path of the fault, if it is part of other options.
 * @throws {@link ConfigurationError} for the first part that is wrong or unknown, or if it does nothing.
 */
export function checkFault(fault: unknown, option = ''): void {
  optionsOf({
    delayMs: ms,
    drop: oneOf(['before', 'after']),
    status: mustBe('an integer from 200 to 599', isStatus),
    headers: object,
    body: () => {},
    times: integer(0),
    rate: mustBe('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1),
    when: mustBe('a function', isFunction),
  })(fault, option);
  const given = recordOf(fault);
  const isGiven = (name: string) => given[name] !== undefined;
  const [kind, ...others] = ['delayMs', 'drop', 'status'].filter(isGiven);
  const start = option && `${option}.`;
  if (kind === undefined || others.length > 0)
    refuse('missing', `${start}status`, 'A fault needs exactly one of delayMs, drop and status.');
  const extra = kind === 'status' ? undefined : ['headers', 'body'].find(isGiven);
  if (extra === undefined) return;
  const message = `"${start}${extra}" cannot be combined with "${start}${kind}". Set a second fault, with a "status".`;
  refuse('conflict', `${start}${extra}`, message);
}

/**
 * Checks a user to add.
 *
 * @param option - Path of the user, if it is part of other options.
 * @throws {@link ConfigurationError} for the first part that is wrong or unknown.
 */
export function checkNewUser(user: unknown, option = ''): void {
  const filled = mustBe('a non-empty string', (value) => isString(value) && value !== '');
  const subscription = optionsOf({
    type: string,
    token: string,
    enabled: boolean,
    notification_types: mustBe('an integer', Number.isInteger),
    app_version: string,
    device_model: string,
    device_os: string,
    sdk: string,
  });
  const acceptable: Rule = (value, path) => {
    subscription(value, path);
    const problem = problemOf(value);
    if (problem !== undefined) refuse('invalid', path, `OneSignal would refuse "${path}": ${problem}.`);
  };
  const subscriptions = arrayOf(acceptable, 'an array of subscriptions');
  const strings = eachOf(object, string);
  optionsOf({ externalId: filled, tags: strings, aliases: strings, subscriptions }, 'externalId')(user, option);
}

/** The statuses that a `Response` can have. */
function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

/** Why OneSignal would not create the subscription. */
function problemOf(subscription: unknown): string | undefined {
  try {
    readNewSubscription(subscription);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.message;
    throw thrown;
  }
}
