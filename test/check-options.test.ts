import { describe, expect, test } from 'vitest';
import { ConfigurationError, createDestination, type DeliveryOptions, type MappingOptions } from '../src/index.js';
import { apiKey, appId } from './delivery/destinations.js';
import { scripted } from './delivery/wire.js';

const valid = { appId, apiKey };

/** The error for options that only JavaScript callers can pass. */
function refused(options: unknown): ConfigurationError {
  try {
    Reflect.apply(createDestination, undefined, [options]);
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return thrown;
    throw thrown;
  }
  throw new Error('the options were accepted');
}
const brief = ({ code, option, message }: ConfigurationError) => `${code} ${option}: ${message}`;

describe('the app and how to reach it', () => {
  test.each<[string, unknown, string]>([
    ['no options', undefined, 'missing options: Options are missing. Call createDestination({ appId, apiKey }).'],
    ['null', null, 'missing options: Options are missing. Call createDestination({ appId, apiKey }).'],
    ['a string', 'os_v2_app_key', 'missing options: Options are missing. Call createDestination({ appId, apiKey }).'],
    [
      'no app',
      { apiKey },
      'missing appId: "appId" is missing. Copy the App ID from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    ...['baseUrl', 'fetch', 'partner', 'userAgent'].map((name): [string, unknown, string] => [
      `${name}, which belongs to a transport`,
      { appId, apiKey, [name]: 'x' },
      `unknown_option ${name}: Unknown option "${name}". Pass it to createOneSignalTransport, and the result as "transport".`,
    ]),
    ['appID', { appID: appId, apiKey }, 'unknown_option appID: Unknown option "appID". Did you mean "appId"?'],
    ['apikey', { appId, apikey: apiKey }, 'unknown_option apikey: Unknown option "apikey". Did you mean "apiKey"?'],
    ...[
      ['prefix', 'mapping'],
      ['missingUser', 'delivery'],
      ['onOutcome', 'hooks'],
    ].map(([name = '', place]): [string, unknown, string] => [
      `${name} outside of ${place}`,
      { appId, apiKey, [name]: 'x' },
      `unknown_option ${name}: Unknown option "${name}". Did you mean "${place}.${name}"?`,
    ]),
    [
      'an empty app',
      { apiKey, appId: '' },
      'missing appId: "appId" is missing. Copy the App ID from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'an app that is not a UUID',
      { apiKey, appId: 'my-app' },
      'invalid appId: "appId" must be a UUID. Copy it from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'an app that is not a string',
      { apiKey, appId: 7 },
      'invalid appId: "appId" must be a UUID. Copy it from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'neither key nor transport',
      { appId },
      'missing apiKey: "apiKey" is missing. Copy the App API key from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'both',
      { appId, apiKey, transport: scripted() },
      'conflict apiKey: Pass either "apiKey" or "transport", not both.',
    ],
    [
      'a transport without send',
      { appId, transport: {} },
      'invalid transport: "transport" must have a method send(request, { signal }). See Transport.',
    ],
    [
      'a transport that is a function',
      { appId, transport: fetch },
      'invalid transport: "transport" must have a method send(request, { signal }). See Transport.',
    ],
    [
      'an empty key',
      { appId, apiKey: '' },
      'missing apiKey: "apiKey" is missing. Copy the App API key from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'a key from a variable that is not set',
      { appId, apiKey: undefined },
      'missing apiKey: "apiKey" is undefined. Check that its environment variable is set.',
    ],
    [
      'an app from a variable that is not set',
      { appId: undefined, apiKey },
      'missing appId: "appId" is undefined. Check that its environment variable is set.',
    ],
    [
      'a key with the scheme Basic',
      { appId, apiKey: 'Basic secret' },
      'invalid apiKey: "apiKey" begins with "Basic". Pass the key alone.',
    ],
    [
      'a key with the scheme Key',
      { appId, apiKey: 'Key secret' },
      'invalid apiKey: "apiKey" begins with "Key". Pass the key alone.',
    ],
    [
      'a key with the scheme Bearer',
      { appId, apiKey: 'bearer secret' },
      'invalid apiKey: "apiKey" begins with "bearer". Pass the key alone.',
    ],
    [
      'a key in quotes',
      { appId, apiKey: '"os_v2_app_secret"' },
      'invalid apiKey: "apiKey" has quotes around it. Pass the key alone.',
    ],
    [
      'an organization key',
      { appId, apiKey: 'os_v2_org_secret' },
      'invalid apiKey: "apiKey" is an Organization API key, which cannot write to an app. Copy the App API key from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'an app id as the key',
      { appId, apiKey: appId },
      'invalid apiKey: "apiKey" is a UUID, such as an App ID or a key ID. Copy the App API key from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'another scheme',
      { appId, apiKey, authScheme: 'Bearer' },
      'invalid authScheme: "authScheme" must be "Key", or "Basic" for a legacy key.',
    ],
    [
      'a scheme together with a transport',
      { appId, transport: scripted(), authScheme: 'Basic' },
      'conflict authScheme: "authScheme" cannot be combined with "transport". Set it there.',
    ],
    [
      'a key that is not a string',
      { appId, apiKey: 7 },
      'invalid apiKey: "apiKey" must be a string of ASCII characters without white space. Copy it again from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    [
      'a key with a line end',
      { appId, apiKey: 'secret\n' },
      'invalid apiKey: "apiKey" must be a string of ASCII characters without white space. Copy it again from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
  ])('%s', (_, options, told) => {
    expect(brief(refused(options))).toBe(told);
  });
});

test.each<[string, unknown, string]>([
  ['include', 'plan', 'an array of strings'],
  ['include', [7], 'a string'],
  ['exclude', { plan: true }, 'an array of strings'],
  ['rename', ['plan'], 'an object with string values'],
  ['rename', { plan: 7 }, 'a string'],
  ['prefix', 7, 'a string'],
  ['audiencePrefix', null, 'a string'],
  ['tag', 'plan', 'a function'],
  ['nested', true, "'drop', 'flatten' or { maxDepth, maxTags }"],
  ['nested', { maxDepth: 0 }, 'an integer ≥ 1'],
  ['dates', true, "'auto' or an array of names"],
  ['tagLimit', -1, 'an integer ≥ 0'],
  ['tagLimit', 2.5, 'an integer ≥ 0'],
  ['tagLimit', '10', 'an integer ≥ 0'],
  ['audienceProperties', true, "'drop' or 'tags'"],
  ['segmentName', 'VIPs', 'a function'],
  ['loops', true, "'skip' or 'allow'"],
  ['integrations', true, "'ignore', 'respect' or { respect: name }"],
  ['integrations', { respect: '' }, 'a non-empty string'],
  ['integrations', {}, 'a non-empty string'],
  ['consent', 'marketing', 'an array of strings'],
  ['subscriptions', true, 'an object'],
  ['subscriptions', { email: 'yes' }, 'true or false'],
  [
    'profile',
    'language',
    'true, false or an array of language, timezone_id, country, lat, long, first_active and last_active',
  ],
  [
    'profile',
    ['language', 'locale'],
    'true, false or an array of language, timezone_id, country, lat, long, first_active and last_active',
  ],
  [
    'profile',
    ['locale'],
    'true, false or an array of language, timezone_id, country, lat, long, first_active and last_active',
  ],
  ['group', 'company_', 'true, false or { prefix }'],
  ['page', true, "'custom_event'"],
  ['screen', 'tags', "'custom_event'"],
  ['alias', true, 'an object'],
  ['alias', { label: '' }, 'a non-empty string'],
  ['alias', { label: 'external_id' }, 'a label other than external_id and onesignal_id'],
  ['alias', { label: 'onesignal_id' }, 'a label other than external_id and onesignal_id'],
  ['alias', { label: 'crm id' }, "at most 128 characters long, without white space, '..' or any of /?#&="],
  ['alias', { label: 'x'.repeat(129) }, "at most 128 characters long, without white space, '..' or any of /?#&="],
  ['consent', [''], 'a non-empty string'],
  ['user', 'customer_id', 'a function or { label }'],
  ['user', {}, 'a non-empty string'],
  ['eventName', {}, 'a non-empty string'],
  ['user', { label: 7 }, 'a non-empty string'],
  ['user', { label: '' }, 'a non-empty string'],
  ['user', { label: 'customer id' }, "at most 128 characters long, without white space, '..' or any of /?#&="],
  ['user', { label: 'x'.repeat(129) }, "at most 128 characters long, without white space, '..' or any of /?#&="],
  ['deleteUsers', 'yes', 'true or false'],
  ['purchases', 1, 'true or false'],
  ['eventName', 'suffix', "'drop', 'prefix' or { tag: key }"],
  ['eventName', { tag: '' }, 'a non-empty string'],
  ['customEvents', 'all', 'true, false, an array of event names, a function or { only, tags }'],
  ['customEvents', { tags: 'drop' }, "'keep' or 'replace'"],
  ['customEvents', { only: 'Signed Up' }, 'an array of event names or a function'],
  ['customEvents', [7], 'a string'],
  ['nested', { maxTags: '5' }, 'an integer ≥ 1'],
  ['alias', {}, 'a non-empty string'],
])('mapping.%s cannot be %j: it must be %s', (name, value, expected) => {
  const error = refused({ ...valid, mapping: { [name]: value } });
  expect(error.code).toBe('invalid');
  expect(error.option).toMatch(new RegExp(`^mapping\\.${name}(\\.|$)`));
  expect(error.message).toBe(`"${error.option}" must be ${expected}.`);
});

test.each<[string, unknown, string]>([
  ['missingUser', 'ignore', "'skip', 'create' or 'retry'"],
  ['timeoutMs', 0, 'a number of milliseconds from 1 to 2147483647'],
  ['timeoutMs', '5s', 'a number of milliseconds from 1 to 2147483647'],
  ['timeoutMs', Number.NaN, 'a number of milliseconds from 1 to 2147483647'],
  ['timeoutMs', Number.POSITIVE_INFINITY, 'a number of milliseconds from 1 to 2147483647'],
  ['timeoutMs', 2 ** 31, 'a number of milliseconds from 1 to 2147483647'],
  ['deadlineMs', -1, 'a number of milliseconds from 1 to 2147483647'],
  ['retries', -1, 'an integer ≥ 0'],
  ['retries', 1.5, 'an integer ≥ 0'],
  ['maxRetryAfterMs', -1, 'a number of milliseconds from 0 to 2147483647'],
  ['maxAgeMs', -1, 'a number of milliseconds ≥ 0'],
  ['maxAgeMs', '1d', 'a number of milliseconds ≥ 0'],
  ['concurrency', 0, 'an integer ≥ 1'],
  ['concurrency', Number.POSITIVE_INFINITY, 'an integer ≥ 1'],
  ['requestsPerSecond', 0, 'an integer ≥ 1 or Infinity'],
  ['requestsPerSecond', 0.5, 'an integer ≥ 1 or Infinity'],
  ['userIntervalMs', -1, 'a number of milliseconds from 0 to 2147483647'],
  ['order', true, 'false or an object with the methods newest, record and forget'],
  ['order', { newest() {} }, 'false or an object with the methods newest, record and forget'],
  ['seen', [], 'an object with the methods has and add'],
])('delivery.%s cannot be %j: it must be %s', (name, value, expected) => {
  const error = refused({ ...valid, delivery: { [name]: value } });
  expect(brief(error)).toBe(`invalid delivery.${name}: "delivery.${name}" must be ${expected}.`);
});

test.each([
  [{ hooks: { onAttempt: true } }, 'hooks.onAttempt', 'a function'],
  [{ hooks: { onOutcome: {} } }, 'hooks.onOutcome', 'a function'],
  [{ hooks: console.log }, 'hooks', 'an object'],
  [{ mapping: null }, 'mapping', 'an object'],
  [{ delivery: 7 }, 'delivery', 'an object'],
])('%j: %s must be %s', (options, option, expected) => {
  expect(brief(refused({ ...valid, ...options }))).toBe(`invalid ${option}: "${option}" must be ${expected}.`);
});

test.each([
  [{ apikey: 'k' }, 'apikey', 'Did you mean "apiKey"?'],
  [{ maping: {} }, 'maping', 'Did you mean "mapping"?'],
  [{ mapping: { tags: {} } }, 'mapping.tags', 'Did you mean "tag"?'],
  [{ mapping: { nested: { depth: 3 } } }, 'mapping.nested.depth', 'Known options: maxDepth, maxTags.'],
  [{ mapping: { alias: { lable: 'crm' } } }, 'mapping.alias.lable', 'Did you mean "label"?'],
  [{ mapping: { customEvents: { onyl: [] } } }, 'mapping.customEvents.onyl', 'Did you mean "only"?'],
  [{ mapping: { subscriptions: { mail: true } } }, 'mapping.subscriptions.mail', 'Did you mean "email"?'],
  [{ delivery: { timeout: 5 } }, 'delivery.timeout', 'Did you mean "timeoutMs"?'],
  [{ hooks: { onError() {} } }, 'hooks.onError', 'Known options: onAttempt, onOutcome.'],
  [{ hooks: { '': 1 } }, 'hooks.', 'Known options: onAttempt, onOutcome.'],
])('a misspelled option is found: %j', (options, option, advice) => {
  expect(brief(refused({ ...valid, ...options }))).toBe(
    `unknown_option ${option}: Unknown option "${option}". ${advice}`,
  );
});

test.each([['prefix'], [{ tag: 'last_event' }]])(
  'the event name cannot be kept if custom events replace tags: %j',
  (eventName) => {
    const error = refused({ ...valid, mapping: { eventName, customEvents: { tags: 'replace' } } });
    expect(error).toMatchObject({ code: 'conflict', option: 'mapping.eventName' });
    expect(error.message).toBe(
      '"mapping.eventName" cannot be combined with customEvents: { tags: \'replace\' }, which leaves no tags for the name.',
    );
  },
);

test('the default of dropping the event name can be combined with custom events that replace tags', () => {
  const mapping: MappingOptions = { eventName: 'drop', customEvents: { tags: 'replace' } };
  expect(() => createDestination({ ...valid, mapping })).not.toThrow();
});

test('an alias cannot have the label of the user', () => {
  const alias = { label: 'customer_id' };
  const error = refused({ ...valid, mapping: { alias, user: { label: 'customer_id' } } });
  expect(error).toMatchObject({ code: 'conflict', option: 'mapping.alias.label' });
  expect(error.message).toBe(
    '"mapping.alias.label" cannot be the label of "mapping.user": the user would become a different one.',
  );
  for (const user of [{ label: 'external_id' }, { label: 'onesignal_id' }, { label: 'crm_id' }, () => undefined])
    expect(() => createDestination({ ...valid, mapping: { alias, user } })).not.toThrow();
});

test('no message contains a value', () => {
  const secret = 'os_v2_app_very_secret';
  for (const options of [
    { appId: secret, apiKey },
    { appId, apiKey: [secret] },
    { ...valid, mapping: { prefix: [secret], include: secret, rename: secret, alias: { label: [secret] } } },
    { ...valid, delivery: { missingUser: secret, order: secret, retries: secret } },
    { ...valid, hooks: secret },
  ])
    expect(refused(options).message).not.toContain(secret);
});

describe('createDestination accepts', () => {
  const store = { newest: () => [], record() {}, forget() {} };
  test.each<[string, MappingOptions]>([
    ['keys', { include: ['a'], exclude: [], rename: { a: 'b' }, prefix: '', audiencePrefix: 'aud_' }],
    ['values', { tag: () => null, nested: 'flatten', dates: 'auto', tagLimit: 0 }],
    ['bounds', { nested: { maxDepth: 1, maxTags: 1 }, dates: ['a'] }],
    [
      'events',
      { audienceProperties: 'tags', segmentName: (key) => key, loops: 'allow', integrations: { respect: 'Mine' } },
    ],
    ['consent', { consent: ['marketing'], integrations: 'respect' }],
    [
      'opt-ins',
      { subscriptions: { email: true, sms: false, push: true }, profile: ['language'], group: { prefix: 'g_' } },
    ],
    [
      'calls',
      { page: 'custom_event', screen: 'custom_event', alias: { label: 'crm' }, deleteUsers: true, purchases: true },
    ],
    ['custom events in addition to tags', { eventName: 'prefix', customEvents: { only: ['A'], tags: 'keep' } }],
    ['custom events instead of tags', { customEvents: { tags: 'replace' } }],
    ['some custom events', { eventName: { tag: 'last' }, customEvents: (event) => event.event === 'A' }],
  ])('mapping options for %s', (_, mapping) => {
    expect(() => createDestination({ ...valid, mapping })).not.toThrow();
  });

  test.each<[string, DeliveryOptions]>([
    [
      'bounds',
      { missingUser: 'create', timeoutMs: 1, deadlineMs: 2 ** 31 - 1, retries: 0, maxRetryAfterMs: 0, maxAgeMs: 0 },
    ],
    ['speed', { concurrency: 1, requestsPerSecond: Number.POSITIVE_INFINITY, userIntervalMs: 0 }],
    ['no order', { order: false }],
    ['stores', { order: store, seen: new Set() }],
    ['stores that are instances of a class', { order: Object.create(store) }],
  ])('delivery options for %s', (_, delivery) => {
    expect(() => createDestination({ ...valid, delivery })).not.toThrow();
  });

  test('every option given as undefined', () => {
    const mapping: MappingOptions = {
      include: undefined,
      exclude: undefined,
      rename: undefined,
      prefix: undefined,
      audiencePrefix: undefined,
      tag: undefined,
      nested: undefined,
      dates: undefined,
      tagLimit: undefined,
      audienceProperties: undefined,
      user: undefined,
      segmentName: undefined,
      loops: undefined,
      integrations: undefined,
      consent: undefined,
      subscriptions: undefined,
      profile: undefined,
      group: undefined,
      page: undefined,
      screen: undefined,
      alias: undefined,
      deleteUsers: undefined,
      purchases: undefined,
      eventName: undefined,
      customEvents: undefined,
    } satisfies { [Key in keyof Required<MappingOptions>]: undefined };
    const delivery = {
      missingUser: undefined,
      timeoutMs: undefined,
      deadlineMs: undefined,
      retries: undefined,
      maxRetryAfterMs: undefined,
      maxAgeMs: undefined,
      concurrency: undefined,
      requestsPerSecond: undefined,
      userIntervalMs: undefined,
      order: undefined,
      unchanged: undefined,
      unchangedMaxAgeMs: undefined,
      limits: undefined,
      seen: undefined,
    } satisfies { [Key in keyof Required<DeliveryOptions>]: undefined };
    const hooks = { onAttempt: undefined, onOutcome: undefined };
    expect(() => createDestination({ ...valid, transport: undefined, mapping, delivery, hooks })).not.toThrow();
    expect(() =>
      createDestination({
        appId,
        apiKey: undefined,
        transport: scripted(),
        mapping: undefined,
        delivery: undefined,
        hooks: undefined,
      }),
    ).not.toThrow();
    const nested: MappingOptions = {
      nested: { maxDepth: undefined, maxTags: undefined },
      subscriptions: { email: undefined, sms: undefined, push: undefined },
      group: { prefix: undefined },
      customEvents: { only: undefined, tags: undefined },
    };
    expect(() => createDestination({ ...valid, mapping: nested })).not.toThrow();
  });

  test('options given as undefined, and treats them as absent', async () => {
    const delivery = {
      missingUser: undefined,
      timeoutMs: undefined,
      deadlineMs: undefined,
      retries: undefined,
      maxRetryAfterMs: undefined,
      maxAgeMs: undefined,
      concurrency: undefined,
      requestsPerSecond: undefined,
      userIntervalMs: undefined,
      order: undefined,
      seen: undefined,
    };
    const destination = createDestination({
      appId,
      transport: scripted(),
      delivery,
      hooks: { onAttempt: undefined, onOutcome: undefined },
    });
    const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' }, timestamp: '2026-03-01T10:00:00.000Z' };
    expect(await destination.deliver([event], { signal: undefined, deadlineMs: undefined })).toMatchObject([
      { status: 'delivered' },
    ]);
  });

  test('an app id in upper case', () => {
    expect(() => createDestination({ apiKey, appId: appId.toUpperCase() })).not.toThrow();
  });

  test('a transport that is an instance of a class', () => {
    class Mine {
      async send() {
        return { status: 202, headers: {}, body: undefined };
      }
    }
    expect(() => createDestination({ appId, transport: new Mine() })).not.toThrow();
  });
});
