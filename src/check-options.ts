import { checkAccess } from './check-access.js';
import { maxTimerMs } from './delivery/max-timer-ms.js';
import type { DeliveryOptions } from './delivery/options.js';
import { checkNames, optionsOf } from './known-options.js';
import { mappingRule } from './mapping/mapping-rules.js';
import type { MappingOptions } from './mapping/options.js';
import { integer, isFunction, mustBe, oneOf, type Rule, refuse } from './option-rules.js';
import { isRecord, type UnknownRecord } from './record.js';

/** Options of a transport, which are easily taken for those of a destination. */
const transportOptions = ['baseUrl', 'fetch', 'partner', 'userAgent'];

/** Options after the check. */
export interface CheckedOptions {
  appId: string;
  apiKey?: string | undefined;
  authScheme?: 'Key' | 'Basic' | undefined;
  mapping?: MappingOptions | undefined;
  delivery?: DeliveryOptions | undefined;
}

/**
 * Checks all options of a destination once, when it is created.
 *
 * @throws {@link ConfigurationError} for the first option that is missing, wrong or unknown.
 * @internal
 */
export function checkDestinationOptions(options: unknown): asserts options is CheckedOptions {
  if (!isRecord(options)) {
    const message = 'Options are missing. Call createDestination({ appId, apiKey }).';
    refuse('missing', 'options', message);
  }
  const rules = destinationRules();
  // Before the app and the key: `appID` is not missing, but misspelled.
  checkDestinationNames(options, Object.keys(rules), rules);
  checkAccess(options);
  optionsOf(rules)(options, '');
  checkUnchanged(options.delivery);
}

/**
 * Refuses unknown names. If a name is that of an option elsewhere, the message says where.
 *
 * @internal
 */
export function checkDestinationNames(
  options: UnknownRecord,
  known: readonly string[],
  rules: Readonly<Record<string, Rule>> = destinationRules(),
): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    if (transportOptions.includes(name)) {
      const message = `Unknown option "${name}". Pass it to createOneSignalTransport, and the result as "transport".`;
      refuse('unknown_option', name, message);
    }
    const place = ['mapping', 'delivery', 'hooks'].find((outer) => isAccepted(rules[outer], { [name]: undefined }));
    if (place !== undefined)
      refuse('unknown_option', name, `Unknown option "${name}". Did you mean "${place}.${name}"?`);
  }
  checkNames(options, known);
}

function isAccepted(rule: Rule | undefined, value: unknown): boolean {
  try {
    rule?.(value, '');
    return rule !== undefined;
  } catch {
    return false;
  }
}

/** What is left out must count as written, so the order guard has to know of it. */
function checkUnchanged(delivery: unknown): void {
  if (!isRecord(delivery) || delivery.unchanged !== 'skip') return;
  const { order } = delivery;
  if (order === undefined || hasMethods(order, 'accepted', 'remember')) return;
  const message =
    order === false
      ? '"delivery.unchanged: \'skip\'" needs the order guard. Remove "delivery.order: false".'
      : '"delivery.unchanged: \'skip\'" needs an order store with the methods accepted and remember.';
  refuse('invalid', 'delivery.unchanged', message);
}

function destinationRules() {
  const hook = mustBe('a function', isFunction);
  // `checkAccess` checks them together.
  const access: Rule = () => {};
  const durationMs = mustBe('a number of milliseconds ≥ 0', (value) => typeof value === 'number' && value >= 0);
  const delivery = optionsOf({
    missingUser: oneOf(['skip', 'create', 'retry']),
    timeoutMs: timerMs(1),
    deadlineMs: timerMs(1),
    retries: integer(0),
    maxRetryAfterMs: timerMs(0),
    maxAgeMs: durationMs,
    concurrency: integer(1),
    requestsPerSecond: mustBe(
      'an integer ≥ 1 or Infinity',
      (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) >= 1),
    ),
    userIntervalMs: timerMs(0),
    order: mustBe(
      'false or an object with the methods newest, record and forget',
      (value) => value === false || hasMethods(value, 'newest', 'record', 'forget'),
    ),
    unchanged: oneOf(['send', 'skip']),
    unchangedMaxAgeMs: durationMs,
    limits: mustBe('an object with the methods reserve and share', (value) => hasMethods(value, 'reserve', 'share')),
    seen: mustBe('an object with the methods has and add', (value) => hasMethods(value, 'has', 'add')),
  });
  return {
    appId: access,
    apiKey: access,
    authScheme: access,
    transport: access,
    mapping: mappingRule(),
    delivery,
    hooks: optionsOf({ onAttempt: hook, onOutcome: hook }),
  };
}

function timerMs(least: number): Rule {
  const isInRange = (value: unknown) => typeof value === 'number' && value >= least && value <= maxTimerMs;
  return mustBe(`a number of milliseconds from ${least} to ${maxTimerMs}`, isInRange);
}

function hasMethods(value: unknown, ...names: string[]): boolean {
  return isRecord(value) && names.every((name) => isFunction(value[name]));
}
