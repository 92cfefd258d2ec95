import * as z from 'zod/mini';
import { ConfigurationError, type ConfigurationErrorCode } from './errors.js';
import { isUuid } from './onesignal/uuid.js';

/** The longest time that timers take, about 25 days; a longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Checks all options of a destination, once, when it is made.
 *
 * @throws {@link ConfigurationError} for the first option that cannot work, with its path and what to do.
 * @internal
 */
export function checkDestinationOptions(options: unknown): void {
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
const schema = once(makeSchema);

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function makeSchema() {
  const text = z.string();
  const filled = z.string().check(z.minLength(1, 'a text that is not empty'));
  const list = z.array(text);
  const hook = z.custom((value) => typeof value === 'function', 'a function');
  const switched = z.boolean();
  const count = z.int().check(z.minimum(1, 'a whole number from 1 on'));
  const ms = z.number().check(z.minimum(0), z.maximum(maxTimerMs, `at most ${maxTimerMs} ms`));
  const some = <Schema extends z.ZodMiniType>(inner: Schema) => z.optional(inner);

  const customEvents = z.union(
    [
      switched,
      list,
      hook,
      z.strictObject({ only: some(z.union([list, hook])), tags: some(z.enum(['keep', 'replace'])) }),
    ],
    'true, a list of names, a function, or { only, tags }',
  );
  const mapping = z.strictObject({
    include: some(list),
    exclude: some(list),
    rename: some(z.record(text, text)),
    prefix: some(text),
    audiencePrefix: some(text),
    tag: some(hook),
    nested: some(
      z.union(
        [z.enum(['drop', 'flatten']), z.strictObject({ maxDepth: some(count), maxTags: some(count) })],
        "'drop', 'flatten' or { maxDepth, maxTags }",
      ),
    ),
    dates: some(z.union([z.literal('auto'), list], "'auto' or a list of keys")),
    tagLimit: some(z.int().check(z.minimum(0, 'a whole number from 0 on'))),
    audienceProperties: some(z.enum(['drop', 'tags'])),
    segmentName: some(hook),
    loops: some(z.enum(['skip', 'allow'])),
    integrations: some(
      z.union(
        [z.enum(['ignore', 'respect']), z.strictObject({ respect: filled })],
        "'ignore', 'respect' or { respect: name }",
      ),
    ),
    consent: some(list),
    subscriptions: some(z.strictObject({ email: some(switched), sms: some(switched), push: some(switched) })),
    profile: some(
      z.union(
        [
          switched,
          z.array(z.enum(['language', 'timezone_id', 'country', 'lat', 'long', 'first_active', 'last_active'])),
        ],
        'true, false or a list of fields of the profile',
      ),
    ),
    group: some(z.union([switched, z.strictObject({ prefix: some(text) })], 'true, false or { prefix }')),
    page: some(z.literal('custom_event')),
    screen: some(z.literal('custom_event')),
    alias: some(z.strictObject({ label: filled })),
    deleteUsers: some(switched),
    purchases: some(switched),
    eventName: some(
      z.union([z.enum(['drop', 'prefix']), z.strictObject({ tag: filled })], "'drop', 'prefix' or { tag: key }"),
    ),
    customEvents: some(customEvents),
  });
  const delivery = z.strictObject({
    missingUser: some(z.enum(['skip', 'create', 'retry'])),
    timeoutMs: some(ms.check(z.minimum(1))),
    deadlineMs: some(ms.check(z.minimum(1))),
    retries: some(z.int().check(z.minimum(0))),
    maxRetryAfterMs: some(ms),
    maxAgeMs: some(z.number().check(z.minimum(0))),
    concurrency: some(count),
    requestsPerSecond: some(
      z.union([count, z.literal(Number.POSITIVE_INFINITY)], 'a whole number from 1 on, or Infinity'),
    ),
    userIntervalMs: some(ms),
    order: some(
      z.union(
        [z.literal(false), methods('newest', 'record', 'forget')],
        'false, or a store with newest, record and forget',
      ),
    ),
    seen: some(methods('has', 'add')),
  });
  const hooks = z.strictObject({ onAttempt: some(hook), onOutcome: some(hook) });
  return z.strictObject({
    appId: text,
    apiKey: some(text),
    transport: some(z.unknown()),
    mapping: some(
      mapping.check(
        z.refine(hasPlaceForEventName, {
          error: 'absent where custom events replace tags: there is no tag to keep the name in',
          path: ['eventName'],
        }),
      ),
    ),
    delivery: some(delivery),
    hooks: some(hooks),
  });
}

function methods(...names: string[]) {
  return z.custom(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === 'function'),
    `an object with ${names.join(' and ')}`,
  );
}

function hasPlaceForEventName({ eventName, customEvents }: { eventName?: unknown; customEvents?: unknown }): boolean {
  return eventName === undefined || eventName === 'drop' || !isRecord(customEvents) || customEvents.tags !== 'replace';
}

function report(issue: z.core.$ZodIssue): never {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const option = [...issue.path, issue.keys[0]].join('.');
    refuse('unknown_option', option, `${option} is no option: see DestinationOptions for those that there are`);
  }
  if (issue.code === 'custom' && issue.path.at(-1) === 'eventName') {
    refuse('conflict', path, `${path} must be ${issue.message}`);
  }
  refuse('invalid', path, `${path} must be ${expectedBy(issue)}`);
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' or ');
    case 'too_small':
      return `at least ${issue.minimum}`;
    default:
      return issue.message;
  }
}

function refuse(code: ConfigurationErrorCode, option: string, message: string): never {
  throw new ConfigurationError(code, option, message);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
