import * as z from 'zod/mini';
import { maxTimerMs } from './delivery/max-timer-ms.js';
import type { DeliveryOptions } from './delivery/options.js';
import { ConfigurationError, type ConfigurationErrorCode } from './errors.js';
import type { MappingOptions } from './mapping/options.js';
import { isAliasText, isReservedLabel } from './onesignal/alias-text.js';
import { isUuid } from './onesignal/uuid.js';
import { isRecord } from './record.js';

/** What holds of options that were checked. */
export interface CheckedOptions {
  appId: string;
  mapping?: MappingOptions | undefined;
  delivery?: DeliveryOptions | undefined;
}

/**
 * Checks all options of a destination, once, when it is made.
 *
 * @throws {@link ConfigurationError} for the first option that cannot work, with its path and what to do.
 * @internal
 */
export function checkDestinationOptions(options: unknown): asserts options is CheckedOptions {
  const given = isRecord(options)
    ? options
    : refuse('missing', 'options', 'options are missing: createDestination({ appId, apiKey })');
  checkAppId(given.appId);
  checkTransport(given);
  const result = schema().safeParse(given);
  if (result.success) return;
  for (const issue of result.error.issues) report(issue);
}

function checkAppId(appId: unknown): void {
  const where = 'OneSignal dashboard, Settings > Keys & IDs';
  if (appId === undefined || appId === '') refuse('missing', 'appId', `appId is missing: give the app's id (${where})`);
  if (typeof appId !== 'string' || !isUuid(appId))
    refuse('invalid', 'appId', `appId must be a UUID, copied from ${where}`);
}

function checkTransport({ apiKey, transport }: Record<string, unknown>): void {
  if (apiKey !== undefined && transport !== undefined) {
    refuse(
      'conflict',
      'apiKey',
      'apiKey and transport exclude each other: give the key to the transport, or leave the transport away',
    );
  }
  if (apiKey === undefined && transport === undefined) {
    refuse(
      'missing',
      'apiKey',
      'apiKey is missing: give an App API key (OneSignal dashboard, Settings > Keys & IDs), or a transport',
    );
  }
  if (transport !== undefined && !(isRecord(transport) && typeof transport.send === 'function')) {
    refuse(
      'invalid',
      'transport',
      'transport must have a method send(request, { signal }): see createOneSignalTransport',
    );
  }
}

/** Made on first use: at module level it would weigh on every import of a mapping function. Made once: on Workers every request makes a destination. */
const schema = /* @__PURE__ */ once(makeSchema);

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Each schema says in words what an option must be; whatever is wrong with it, that is what the user is told. */
function makeSchema() {
  const text = z.string('a text');
  const filled = z.string('a text that is not empty').check(z.minLength(1, 'a text that is not empty'));
  const list = z.array(text, 'a list of texts');
  const hook = z.custom((value) => typeof value === 'function', 'a function');
  const switched = z.boolean('true or false');
  const some = <Schema extends z.ZodMiniType>(inner: Schema) => z.optional(inner);

  const mapping = object({
    include: some(list),
    exclude: some(list),
    rename: some(z.record(text, text, 'an object of texts')),
    prefix: some(text),
    audiencePrefix: some(text),
    tag: some(hook),
    nested: some(
      z.union(
        [oneOf('drop', 'flatten'), object({ maxDepth: some(wholeFrom(1)), maxTags: some(wholeFrom(1)) })],
        "'drop', 'flatten' or { maxDepth, maxTags }",
      ),
    ),
    dates: some(z.union([oneOf('auto'), list], "'auto' or a list of keys")),
    tagLimit: some(wholeFrom(0)),
    audienceProperties: some(oneOf('drop', 'tags')),
    segmentName: some(hook),
    loops: some(oneOf('skip', 'allow')),
    integrations: some(
      z.union([oneOf('ignore', 'respect'), object({ respect: filled })], "'ignore', 'respect' or { respect: name }"),
    ),
    consent: some(z.array(filled, 'a list of texts')),
    subscriptions: some(object({ email: some(switched), sms: some(switched), push: some(switched) })),
    profile: some(
      z.union(
        [switched, z.array(oneOf('language', 'timezone_id', 'country', 'lat', 'long', 'first_active', 'last_active'))],
        'true, false or a list of fields of the profile',
      ),
    ),
    group: some(z.union([switched, object({ prefix: some(text) })], 'true, false or { prefix }')),
    page: some(oneOf('custom_event')),
    screen: some(oneOf('custom_event')),
    alias: some(
      object({
        label: filled.check(
          z.refine(
            (label) => !isReservedLabel(label),
            'a label of yours: under that one the user would become another one',
          ),
          z.refine(isAliasText, 'a label of at most 128 characters, without white space, /?#&= and ..'),
        ),
      }),
    ),
    deleteUsers: some(switched),
    purchases: some(switched),
    eventName: some(z.union([oneOf('drop', 'prefix'), object({ tag: filled })], "'drop', 'prefix' or { tag: key }")),
    customEvents: some(
      z.union(
        [switched, list, hook, object({ only: some(z.union([list, hook])), tags: some(oneOf('keep', 'replace')) })],
        'true, a list of names, a function, or { only, tags }',
      ),
    ),
  });
  const delivery = object({
    missingUser: some(oneOf('skip', 'create', 'retry')),
    timeoutMs: some(msFrom(1)),
    deadlineMs: some(msFrom(1)),
    retries: some(wholeFrom(0)),
    maxRetryAfterMs: some(msFrom(0)),
    maxAgeMs: some(z.number('milliseconds from 0 on').check(z.minimum(0, 'milliseconds from 0 on'))),
    concurrency: some(wholeFrom(1)),
    requestsPerSecond: some(
      z.union([z.literal(Number.POSITIVE_INFINITY), wholeFrom(1)], 'a whole number from 1 on, or Infinity'),
    ),
    userIntervalMs: some(msFrom(0)),
    order: some(
      z.union(
        [z.literal(false), methods('newest', 'record', 'forget')],
        'false, or a store with newest, record and forget',
      ),
    ),
    seen: some(methods('has', 'add')),
  });
  const conflict = {
    error: 'absent where custom events replace tags: there is no tag to keep the name in',
    path: ['eventName'],
  };
  return object({
    appId: text,
    apiKey: some(text),
    transport: some(z.unknown()),
    mapping: some(mapping.check(z.refine(hasPlaceForEventName, conflict))),
    delivery: some(delivery),
    hooks: some(object({ onAttempt: some(hook), onOutcome: some(hook) })),
  });
}

function object<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, 'an object');
}

function oneOf(...values: [string, ...string[]]) {
  return z.enum(values, values.map((value) => `'${value}'`).join(' or '));
}

function wholeFrom(least: number) {
  const words = `a whole number from ${least} on`;
  return z.int(words).check(z.minimum(least, words));
}

function msFrom(least: number) {
  const words = `milliseconds from ${least} to ${maxTimerMs}`;
  return z.number(words).check(z.minimum(least, words), z.maximum(maxTimerMs, words));
}

function methods(...names: string[]) {
  return z.custom(
    (value) => isRecord(value) && names.every((name) => typeof value[name] === 'function'),
    `an object with ${names.join(' and ')}`,
  );
}

function hasPlaceForEventName({ eventName, customEvents }: { eventName?: unknown; customEvents?: unknown }): boolean {
  return eventName === undefined || eventName === 'drop' || !isRecord(customEvents) || customEvents.tags !== 'replace';
}

function report(issue: z.core.$ZodIssue): never {
  if (issue.code === 'unrecognized_keys') {
    const option = [...issue.path, issue.keys[0]].join('.');
    refuse('unknown_option', option, `${option} is no option: see DestinationOptions for those that there are`);
  }
  const option = issue.path.join('.');
  refuse(
    issue.code === 'custom' && option === 'mapping.eventName' ? 'conflict' : 'invalid',
    option,
    `${option} must be ${issue.message}`,
  );
}

function refuse(code: ConfigurationErrorCode, option: string, message: string): never {
  throw new ConfigurationError(code, option, message);
}
