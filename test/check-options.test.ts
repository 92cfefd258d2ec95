import { describe, expect, test } from 'vitest';
import { ConfigurationError, createDestination, type DeliveryOptions, type MappingOptions } from '../src/index.js';
import { apiKey, appId, scripted } from './delivery/harness.js';

const valid = { appId, apiKey };

/** What JavaScript callers, whom no compiler stops, are told. */
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
    ['no options', undefined, 'missing options: options are missing: createDestination({ appId, apiKey })'],
    ['null', null, 'missing options: options are missing: createDestination({ appId, apiKey })'],
    ['a text', 'os_v2_app_key', 'missing options: options are missing: createDestination({ appId, apiKey })'],
    [
      'no app',
      { apiKey },
      "missing appId: appId is missing: give the app's id (OneSignal dashboard, Settings > Keys & IDs)",
    ],
    [
      'an empty app',
      { apiKey, appId: '' },
      "missing appId: appId is missing: give the app's id (OneSignal dashboard, Settings > Keys & IDs)",
    ],
    [
      'an app that is no UUID',
      { apiKey, appId: 'my-app' },
      'invalid appId: appId must be a UUID, copied from OneSignal dashboard, Settings > Keys & IDs',
    ],
    [
      'an app that is no text',
      { apiKey, appId: 7 },
      'invalid appId: appId must be a UUID, copied from OneSignal dashboard, Settings > Keys & IDs',
    ],
    [
      'neither key nor transport',
      { appId },
      'missing apiKey: apiKey is missing: give an App API key (OneSignal dashboard, Settings > Keys & IDs), or a transport',
    ],
    [
      'both',
      { appId, apiKey, transport: scripted() },
      'conflict apiKey: apiKey and transport exclude each other: give the key to the transport, or leave the transport away',
    ],
    [
      'a transport without send',
      { appId, transport: {} },
      'invalid transport: transport must have a method send(request, { signal }): see createOneSignalTransport',
    ],
    [
      'a transport that is a function',
      { appId, transport: fetch },
      'invalid transport: transport must have a method send(request, { signal }): see createOneSignalTransport',
    ],
    [
      'an empty key',
      { appId, apiKey: '' },
      'missing apiKey: "apiKey" is missing. Copy the App API key from the OneSignal dashboard (Settings > Keys & IDs).',
    ],
    ['a key that is no text', { appId, apiKey: 7 }, 'invalid apiKey: apiKey must be a text'],
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
  ['include', 'plan', 'a list of texts'],
  ['include', [7], 'a text'],
  ['exclude', { plan: true }, 'a list of texts'],
  ['rename', ['plan'], 'an object of texts'],
  ['rename', { plan: 7 }, 'a text'],
  ['prefix', 7, 'a text'],
  ['audiencePrefix', null, 'a text'],
  ['tag', 'plan', 'a function'],
  ['nested', true, "'drop', 'flatten' or { maxDepth, maxTags }"],
  ['nested', { maxDepth: 0 }, 'a whole number from 1 on'],
  ['dates', true, "'auto' or a list of keys"],
  ['tagLimit', -1, 'a whole number from 0 on'],
  ['tagLimit', 2.5, 'a whole number from 0 on'],
  ['tagLimit', '10', 'a whole number from 0 on'],
  ['audienceProperties', true, "'drop' or 'tags'"],
  ['segmentName', 'VIPs', 'a function'],
  ['loops', true, "'skip' or 'allow'"],
  ['integrations', true, "'ignore', 'respect' or { respect: name }"],
  ['integrations', { respect: '' }, 'a text that is not empty'],
  ['consent', 'marketing', 'a list of texts'],
  ['subscriptions', true, 'an object'],
  ['subscriptions', { email: 'yes' }, 'true or false'],
  ['profile', 'language', 'true, false or a list of fields of the profile'],
  ['profile', ['locale'], 'true, false or a list of fields of the profile'],
  ['group', 'company_', 'true, false or { prefix }'],
  ['page', true, "'custom_event'"],
  ['screen', 'tags', "'custom_event'"],
  ['alias', true, 'an object'],
  ['alias', { label: '' }, 'a text that is not empty'],
  ['alias', { label: 'external_id' }, 'a label of yours: under that one the user would become another one'],
  ['alias', { label: 'onesignal_id' }, 'a label of yours: under that one the user would become another one'],
  ['alias', { label: 'crm id' }, 'a label of at most 128 characters, without white space, /?#&= and ..'],
  ['alias', { label: 'x'.repeat(129) }, 'a label of at most 128 characters, without white space, /?#&= and ..'],
  ['consent', [''], 'a text that is not empty'],
  ['deleteUsers', 'yes', 'true or false'],
  ['purchases', 1, 'true or false'],
  ['eventName', 'suffix', "'drop', 'prefix' or { tag: key }"],
  ['eventName', { tag: '' }, 'a text that is not empty'],
  ['customEvents', 'all', 'true, a list of names, a function, or { only, tags }'],
  ['customEvents', { tags: 'drop' }, 'true, a list of names, a function, or { only, tags }'],
])('mapping.%s cannot be %j: it must be %s', (name, value, expected) => {
  const error = refused({ ...valid, mapping: { [name]: value } });
  expect(error.code).toBe('invalid');
  expect(error.option).toMatch(new RegExp(`^mapping\\.${name}(\\.|$)`));
  expect(error.message).toBe(`${error.option} must be ${expected}`);
});

test.each<[string, unknown, string]>([
  ['missingUser', 'ignore', "'skip' or 'create' or 'retry'"],
  ['timeoutMs', 0, 'milliseconds from 1 to 2147483647'],
  ['timeoutMs', '5s', 'milliseconds from 1 to 2147483647'],
  ['timeoutMs', Number.NaN, 'milliseconds from 1 to 2147483647'],
  ['timeoutMs', Number.POSITIVE_INFINITY, 'milliseconds from 1 to 2147483647'],
  ['timeoutMs', 2 ** 31, 'milliseconds from 1 to 2147483647'],
  ['deadlineMs', -1, 'milliseconds from 1 to 2147483647'],
  ['retries', -1, 'a whole number from 0 on'],
  ['retries', 1.5, 'a whole number from 0 on'],
  ['maxRetryAfterMs', -1, 'milliseconds from 0 to 2147483647'],
  ['maxAgeMs', -1, 'milliseconds from 0 on'],
  ['maxAgeMs', '1d', 'milliseconds from 0 on'],
  ['concurrency', 0, 'a whole number from 1 on'],
  ['concurrency', Number.POSITIVE_INFINITY, 'a whole number from 1 on'],
  ['requestsPerSecond', 0, 'a whole number from 1 on'],
  ['requestsPerSecond', 0.5, 'a whole number from 1 on, or Infinity'],
  ['userIntervalMs', -1, 'milliseconds from 0 to 2147483647'],
  ['order', true, 'false, or a store with newest, record and forget'],
  ['order', { newest() {} }, 'false, or a store with newest, record and forget'],
  ['seen', [], 'an object with has and add'],
])('delivery.%s cannot be %j: it must be %s', (name, value, expected) => {
  const error = refused({ ...valid, delivery: { [name]: value } });
  expect(brief(error)).toBe(`invalid delivery.${name}: delivery.${name} must be ${expected}`);
});

test.each([
  [{ hooks: { onAttempt: true } }, 'hooks.onAttempt', 'a function'],
  [{ hooks: { onOutcome: {} } }, 'hooks.onOutcome', 'a function'],
  [{ hooks: console.log }, 'hooks', 'an object'],
  [{ mapping: null }, 'mapping', 'an object'],
  [{ delivery: 7 }, 'delivery', 'an object'],
])('%j: %s must be %s', (options, option, expected) => {
  expect(brief(refused({ ...valid, ...options }))).toBe(`invalid ${option}: ${option} must be ${expected}`);
});

test.each([
  [{ apikey: 'k' }, 'apikey'],
  [{ mapping: { tags: {} } }, 'mapping.tags'],
  [{ mapping: { nested: { depth: 3 } } }, 'mapping.nested.depth'],
  [{ mapping: { subscriptions: { mail: true } } }, 'mapping.subscriptions.mail'],
  [{ delivery: { timeout: 5 } }, 'delivery.timeout'],
  [{ hooks: { onError() {} } }, 'hooks.onError'],
])('a misspelt option is found: %j', (options, option) => {
  expect(brief(refused({ ...valid, ...options }))).toBe(
    `unknown_option ${option}: ${option} is no option: see DestinationOptions for those that there are`,
  );
});

test.each([['prefix'], [{ tag: 'last_event' }]])(
  'the name of an event has no place where custom events replace tags: %j',
  (eventName) => {
    const error = refused({ ...valid, mapping: { eventName, customEvents: { tags: 'replace' } } });
    expect(error).toMatchObject({ code: 'conflict', option: 'mapping.eventName' });
    expect(error.message).toBe(
      'mapping.eventName must be absent where custom events replace tags: there is no tag to keep the name in',
    );
  },
);

test('no message holds a value', () => {
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

describe('accepted is', () => {
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
    ['custom events besides tags', { eventName: 'prefix', customEvents: { only: ['A'], tags: 'keep' } }],
    ['custom events instead of tags', { customEvents: { tags: 'replace' } }],
    ['some custom events', { eventName: { tag: 'last' }, customEvents: (event) => event.event === 'A' }],
  ])('mapping of %s', (_, mapping) => {
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
  ])('delivery with %s', (_, delivery) => {
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

  test('the options given as undefined are as if absent', async () => {
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

  test('an app id in capitals', () => {
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
