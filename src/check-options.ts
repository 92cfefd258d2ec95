import * as z from 'zod/mini';
import { checkAccess } from './check-access.js';
import { maxTimerMs } from './delivery/max-timer-ms.js';
import type { DeliveryOptions } from './delivery/options.js';
import { ConfigurationError } from './errors.js';
import type { MappingOptions } from './mapping/options.js';
import { isAliasText, isReservedLabel } from './onesignal/alias-text.js';
import { isRecord, recordOf } from './record.js';
import { suggestName } from './suggest-name.js';

/** Options after the check. */
export interface CheckedOptions {
  appId: string;
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
    throw new ConfigurationError('missing', 'options', message);
  }
  checkAccess(options);
  for (const issue of schema().safeParse(options).error?.issues ?? []) throw errorOf(issue);
  checkEventName(recordOf(options.mapping));
  checkLabels(recordOf(options.mapping));
}

function errorOf(issue: z.core.$ZodIssue): ConfigurationError {
  if (issue.code !== 'unrecognized_keys') {
    const option = issue.path.join('.');
    return new ConfigurationError('invalid', option, `"${option}" must be ${issue.message}.`);
  }
  const option = [...issue.path, issue.keys[0]].join('.');
  return new ConfigurationError('unknown_option', option, `Unknown option "${option}". ${issue.message}`);
}

function checkEventName({ eventName, customEvents }: { eventName?: unknown; customEvents?: unknown }): void {
  if (eventName === undefined || eventName === 'drop' || recordOf(customEvents).tags !== 'replace') return;
  const reason = "customEvents: { tags: 'replace' }, which leaves no tags for the name";
  const message = `"mapping.eventName" cannot be combined with ${reason}.`;
  throw new ConfigurationError('conflict', 'mapping.eventName', message);
}

function checkLabels({ alias, user }: { alias?: unknown; user?: unknown }): void {
  const { label } = recordOf(alias);
  if (label === undefined || recordOf(user).label !== label) return;
  const message = '"mapping.alias.label" cannot be the label of "mapping.user": the user would become a different one.';
  throw new ConfigurationError('conflict', 'mapping.alias.label', message);
}

/**
 * Created on first use: at module level it would go into every bundle that imports a mapping function. Created only
 * once: on Workers, every request creates a destination.
 */
const schema = /* @__PURE__ */ once(createSchema);

function once<Value>(create: () => Value): () => Value {
  let created: { value: Value } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}

/** The message of each schema completes a sentence such as `"delivery.retries" must be …`. */
function createSchema() {
  const string = z.string('a string');
  const filled = z.string('a non-empty string').check(z.minLength(1, 'a non-empty string'));
  const strings = z.array(string, 'an array of strings');
  const boolean = z.boolean('true or false');
  const label = filled.check(
    z.refine(isAliasText, "at most 128 characters long, without white space, '..' or any of /?#&="),
  );
  const hook = z.custom((value) => typeof value === 'function', 'a function');

  const mapping = options({
    include: strings,
    exclude: strings,
    rename: z.record(string, string, 'an object with string values'),
    prefix: string,
    audiencePrefix: string,
    tag: hook,
    nested: z.union(
      [oneOf('drop', 'flatten'), options({ maxDepth: integer(1), maxTags: integer(1) })],
      "'drop', 'flatten' or { maxDepth, maxTags }",
    ),
    dates: z.union([oneOf('auto'), strings], "'auto' or an array of names"),
    tagLimit: integer(0),
    user: z.union([hook, object({ label })], 'a function or { label }'),
    audienceProperties: oneOf('drop', 'tags'),
    segmentName: hook,
    loops: oneOf('skip', 'allow'),
    integrations: z.union(
      [oneOf('ignore', 'respect'), object({ respect: filled })],
      "'ignore', 'respect' or { respect: name }",
    ),
    consent: z.array(filled, 'an array of strings'),
    subscriptions: options({ email: boolean, sms: boolean, push: boolean }),
    profile: z.union(
      [boolean, z.array(oneOf('language', 'timezone_id', 'country', 'lat', 'long', 'first_active', 'last_active'))],
      'true, false or an array of language, timezone_id, country, lat, long, first_active and last_active',
    ),
    group: z.union([boolean, options({ prefix: string })], 'true, false or { prefix }'),
    page: oneOf('custom_event'),
    screen: oneOf('custom_event'),
    alias: object({
      label: label.check(z.refine((name) => !isReservedLabel(name), 'a label other than external_id and onesignal_id')),
    }),
    deleteUsers: boolean,
    purchases: boolean,
    eventName: z.union([oneOf('drop', 'prefix'), object({ tag: filled })], "'drop', 'prefix' or { tag: key }"),
    customEvents: z.union(
      [boolean, strings, hook, options({ only: z.union([strings, hook]), tags: oneOf('keep', 'replace') })],
      'true, false, an array of event names, a function or { only, tags }',
    ),
  });
  const delivery = options({
    missingUser: oneOf('skip', 'create', 'retry'),
    timeoutMs: timerMs(1),
    deadlineMs: timerMs(1),
    retries: integer(0),
    maxRetryAfterMs: timerMs(0),
    maxAgeMs: z.number('a number of milliseconds ≥ 0').check(z.minimum(0, 'a number of milliseconds ≥ 0')),
    concurrency: integer(1),
    requestsPerSecond: z.union([z.literal(Number.POSITIVE_INFINITY), integer(1)], 'an integer ≥ 1 or Infinity'),
    userIntervalMs: timerMs(0),
    order: z.union(
      [z.literal(false), methods('newest', 'record', 'forget')],
      'false or an object with the methods newest, record and forget',
    ),
    seen: methods('has', 'add'),
  });
  const hooks = options({ onAttempt: hook, onOutcome: hook });
  return options({ appId: string, apiKey: string, transport: z.unknown(), mapping, delivery, hooks });
}

/** An object whose fields may all be absent or `undefined`. */
function options<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.partial(object(shape));
}

function object<Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? suggestName(issue.keys[0] ?? '', names) : 'an object'),
  });
}

function oneOf(...values: [string, ...string[]]) {
  const quoted = values.map((value) => `'${value}'`).join(', ');
  return z.enum(values, quoted.replace(/, ([^,]+)$/, ' or $1'));
}

function integer(least: number) {
  const expected = `an integer ≥ ${least}`;
  return z.int(expected).check(z.minimum(least, expected));
}

function timerMs(least: number) {
  const expected = `a number of milliseconds from ${least} to ${maxTimerMs}`;
  return z.number(expected).check(z.minimum(least, expected), z.maximum(maxTimerMs, expected));
}

function methods(...names: string[]) {
  return z.custom(
    (value) => isRecord(value) && names.every((name) => typeof value[name] === 'function'),
    `an object with the methods ${names.join(' and ')}`,
  );
}
