import { describe, expect, test } from 'vitest';
import type { Fault, SandboxOptions } from '../../src/sandbox/index.js';
import { startSandbox } from '../sandbox-server.js';
import { code, type Form, type RuntimeOptions, startContainer } from './segment-runtime.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const settings = { appId, apiKey: 'os_v2_app_secret' };
const identify = (userId: string, traits: Record<string, unknown>) => ({ type: 'identify', userId, traits });
const track = (userId: string, properties: Record<string, unknown>) => ({
  type: 'track',
  event: 'E',
  userId,
  properties,
});

async function start(options: Partial<RuntimeOptions> = {}, sandboxOptions: SandboxOptions = {}) {
  const { sandbox, url } = await startSandbox({ unknownUsers: 'known', apiKey: settings.apiKey, ...sandboxOptions });
  return { sandbox, ...startContainer({ url, ...options }) };
}
const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

test('the file imports nothing, exports nothing, and declares each handler at its top level', () => {
  expect(code).not.toMatch(/\b(require|import)\s*\(|^\s*(import|export)\b/m);
  for (const name of ['Identify', 'Track', 'Page', 'Screen', 'Group', 'Alias', 'Delete'])
    expect(code).toMatch(new RegExp(`^async function on${name}\\(event, settings\\) \\{$`, 'm'));
  expect(code).toMatch(/^async function onBatch\(events, settings\) \{$/m);
});

test('the file is small enough to paste', () => {
  const withoutLicenses = code.replace(/^\/\*![\s\S]*?\*\/\n/, '');
  expect(withoutLicenses.length).toBeLessThan(code.length);
  expect(Buffer.byteLength(withoutLicenses)).toBeLessThan(135_000);
});

test('globals that Segment lacks are absent in these tests too', async () => {
  const { evaluate } = await start();
  const absent =
    'AbortController AbortSignal TextEncoder structuredClone queueMicrotask performance process require global';
  for (const name of [...absent.split(' '), 'crypto.subtle']) expect(evaluate(`typeof ${name}`)).toBe('undefined');
});

describe.each<Form>(['wrapped', 'script'])('%s', (form) => {
  test('identify and track set tags', async () => {
    const { sandbox, handlers } = await start({ form });
    await handlers.onIdentify(identify('u1', { plan: 'pro' }), settings);
    await handlers.onTrack(track('u2', { brand: 'x' }), settings);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
    expect(sandbox.user('u2')?.tags).toEqual({ brand: 'x' });
  });

  test('an audience becomes a tag and a segment', async () => {
    const { sandbox, handlers } = await start({ form });
    const personas = { computation_class: 'audience', computation_key: 'vip' };
    await handlers.onTrack({ ...track('u1', { vip: true, audience_key: 'vip' }), context: { personas } }, settings);
    expect(sandbox.segments()).toMatchObject([{ name: 'vip', members: ['u1'] }]);
  });

  test.each(['onPage', 'onScreen', 'onGroup', 'onAlias', 'onDelete'] as const)(
    '%s without its option throws EventNotSupported, so that Segment confirms nothing',
    async (name) => {
      const { sandbox, handlers } = await start({ form });
      const event = { type: name.slice(2).toLowerCase(), userId: 'u1' };
      expect(await thrownBy(handlers[name](event, settings))).toMatchObject({
        name: 'EventNotSupported',
        isOfSegment: true,
      });
      expect(sandbox.requests()).toEqual([]);
    },
  );

  test('a batch has one result per event, in order', async () => {
    const { sandbox, handlers } = await start({ form });
    sandbox.fail({ status: 503, when: ({ path }) => path.endsWith('/down') });
    const events = [
      identify('u1', { plan: 'pro' }),
      'no event',
      identify('down', { plan: 'pro' }),
      { type: 'page', userId: 'u1' },
      { type: 'identify', traits: { plan: 'pro' } },
      track('u1', { plan: 'free' }),
    ];
    const results = await handlers.onBatch(events, settings);
    expect(results.map(({ status }) => status)).toEqual([200, 400, 500, 400, 200, 200]);
    expect(results.map(({ errormessage }) => typeof errormessage)).toEqual(
      results.map(({ status }) => (status === 200 ? 'undefined' : 'string')),
    );
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'free' });
    expect(sandbox.requests().filter(({ path }) => path.endsWith('/u1'))).toHaveLength(1);
  });
});

describe('a problem that is not the fault of the event is a RetryError, so that Segment keeps the event', () => {
  test.each<[string, Fault]>([
    ['503', { status: 503 }],
    ['429 that asks for a minute', { status: 429, headers: { 'retry-after': '60' } }],
    ['a broken connection', { drop: 'before' }],
    ['a lost answer', { drop: 'after' }],
    ['no answer', { delayMs: 60_000 }],
    ['401', { status: 401 }],
  ])('%s', async (_what, fault) => {
    const { sandbox, handlers, longestTimerMs } = await start({ haste: 20 });
    sandbox.fail(fault);
    const error = await thrownBy(handlers.onIdentify(identify('u1', { plan: 'pro' }), settings));
    expect(error).toMatchObject({ name: 'RetryError', isOfSegment: true });
    expect(sandbox.requests().length).toBeLessThanOrEqual(2);
    expect(longestTimerMs()).toBeLessThan(5_000);
  });

  test('a server that refuses connections', async () => {
    const { handlers } = startContainer({ url: 'http://127.0.0.1:1' });
    expect(await thrownBy(handlers.onTrack(track('u1', { a: 1 }), settings))).toMatchObject({ name: 'RetryError' });
  });

  test.each([
    ['no settings', undefined],
    ['no appId', { apiKey: 'k' }],
    ['an invalid appId', { appId: 'my app', apiKey: 'k' }],
    ['no apiKey', { appId }],
    ['an empty apiKey', { appId, apiKey: '' }],
    ['an apiKey that cannot be a header', { appId, apiKey: 'secret\n' }],
    ['an invalid option', { ...settings, tagLimit: 'many' }],
  ])('%s', async (_what, wrong) => {
    const { sandbox, handlers } = await start();
    // @ts-expect-error: the settings are incomplete, as they may be in Segment
    const error = await thrownBy(handlers.onTrack(track('u1', { a: 1 }), wrong));
    expect(error).toMatchObject({ name: 'RetryError', isOfSegment: true });
    expect(String(error)).toMatch(/appId|apiKey|tagLimit/);
    expect(String(error)).not.toMatch(/secret|my app|many/);
    // @ts-expect-error: the same
    expect(await thrownBy(handlers.onBatch([track('u1', { a: 1 })], wrong))).toMatchObject({ name: 'RetryError' });
    expect(sandbox.requests()).toEqual([]);
  });
});

test('a short outage is retried before Segment notices', async () => {
  const { sandbox, handlers } = await start();
  sandbox.fail({ status: 503, times: 1 });
  await handlers.onIdentify(identify('u1', { plan: 'pro' }), settings);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});

test('an input that is not an event throws InvalidEventPayload', async () => {
  const { handlers } = await start();
  for (const input of [undefined, null, 'text', 7, [], {}, { type: 'track', properties: 'text' }])
    expect(await thrownBy(handlers.onTrack(input, settings))).toMatchObject({
      name: 'InvalidEventPayload',
      isOfSegment: true,
    });
});

test('an event that OneSignal refuses permanently throws ValidationError', async () => {
  const { sandbox, handlers } = await start();
  sandbox.fail({ status: 400, body: { errors: ['invalid tags'] } });
  expect(await thrownBy(handlers.onTrack(track('u1', { a: 1 }), settings))).toMatchObject({
    name: 'ValidationError',
    isOfSegment: true,
  });
});

test('an event with nothing to do returns: one without a user id, or of a user that OneSignal does not have', async () => {
  const { sandbox, handlers } = await start({}, { unknownUsers: 'missing' });
  await handlers.onIdentify({ type: 'identify', anonymousId: 'a', traits: { plan: 'pro' } }, settings);
  await handlers.onIdentify(identify('nobody', { plan: 'pro' }), settings);
  expect(sandbox.users()).toEqual([]);
});

test('no error contains the key, the user or a value', async () => {
  const { sandbox, handlers } = await start();
  sandbox.fail({ status: 400, body: { errors: ['tag colour=purple of user ada is invalid'] } });
  const error = await thrownBy(handlers.onIdentify(identify('ada', { colour: 'purple' }), settings));
  expect(error).toMatchObject({ name: 'ValidationError' });
  expect(String(error)).not.toMatch(/secret|\bada\b/);
});

test('if one of Segment’s error classes is missing, an error with the same name is thrown', async () => {
  const without = ['RetryError', 'InvalidEventPayload', 'ValidationError', 'EventNotSupported'];
  const { sandbox, handlers } = await start({ without });
  const failures = [handlers.onTrack('no event', settings), handlers.onPage({ type: 'page', userId: 'u1' }, settings)];
  const names = (await Promise.all(failures.map(thrownBy))).map((error) => Object(error).name);
  sandbox.fail({ status: 400, times: 1 });
  names.push(Object(await thrownBy(handlers.onTrack(track('u1', { a: 1 }), settings))).name);
  sandbox.fail({ status: 401 });
  names.push(Object(await thrownBy(handlers.onTrack(track('u2', { a: 1 }), settings))).name);
  expect(names).toEqual(['InvalidEventPayload', 'EventNotSupported', 'ValidationError', 'RetryError']);
});

test('settings set mapping options, and empty ones count as absent', async () => {
  const { sandbox, handlers } = await start();
  const traits = { plan: 'pro', ssn: '1', colour: 'red', size: 'xl', weight: 3 };
  await handlers.onIdentify(identify('shaped', traits), {
    ...settings,
    prefix: 'seg_',
    exclude: ['ssn'],
    rename: { plan: 'tier' },
    tagLimit: '2',
  });
  await handlers.onIdentify(identify('plain', traits), {
    ...settings,
    prefix: ' ',
    include: [],
    rename: {},
    tagLimit: '',
    nested: null,
  });
  expect(sandbox.user('shaped')?.tags).toEqual({ tier: 'pro', seg_colour: 'red' });
  expect(sandbox.user('plain')?.tags).toEqual({ plan: 'pro', ssn: '1', colour: 'red', size: 'xl', weight: '3' });
});

test('settings enable opt-ins: custom events, groups, subscriptions, deletions', async () => {
  const { sandbox, handlers } = await start();
  const optedIn = {
    ...settings,
    page: true,
    customEvents: ['E'],
    group: true,
    subscriptions: ['email'],
    deleteUsers: true,
  };
  const results = await handlers.onBatch(
    [
      { type: 'page', name: 'Home', userId: 'u1', messageId: 'm1' },
      { ...track('u1', { brand: 'x' }), messageId: 'm2' },
      { type: 'group', groupId: 'g1', userId: 'u1', traits: { plan: 'pro' } },
      identify('u2', { email: 'u2@example.com' }),
      identify('u3', { plan: 'pro' }),
    ],
    optedIn,
  );
  expect(results).toEqual(results.map(() => ({ status: 200 })));
  expect(sandbox.customEvents()).toHaveLength(2);
  expect(sandbox.user('u1')?.tags).toMatchObject({ brand: 'x', group_id: 'g1' });
  expect(sandbox.user('u2')?.subscriptions).toMatchObject([{ type: 'Email', token: 'u2@example.com' }]);
  await handlers.onDelete({ type: 'delete', userId: 'u3' }, optedIn);
  expect(sandbox.user('u3')).toBeUndefined();
});

test('two instances in one container each keep to their own settings', async () => {
  const { sandbox, handlers } = await start();
  const other = '11111111-2222-4333-8444-555555555555';
  await Promise.all([
    handlers.onTrack(track('u1', { a: 1 }), { ...settings, prefix: 'one_' }),
    handlers.onTrack(track('u1', { a: 1 }), { ...settings, appId: other, prefix: 'two_' }),
  ]);
  const seen = sandbox.requests().map(({ path, body }) => `${path} ${JSON.stringify(body)}`);
  expect(seen.sort()).toEqual([
    `/apps/${other}/users/by/external_id/u1 {"properties":{"tags":{"two_a":"1"}}}`,
    `/apps/${appId}/users/by/external_id/u1 {"properties":{"tags":{"one_a":"1"}}}`,
  ]);
});

test('a refused key does not affect instances with another key', async () => {
  const { sandbox, handlers } = await start();
  expect(await thrownBy(handlers.onTrack(track('u1', { a: 1 }), { ...settings, apiKey: 'wrong' }))).toMatchObject({
    name: 'RetryError',
  });
  await handlers.onTrack(track('u1', { a: 1 }), settings);
  expect(sandbox.user('u1')?.tags).toEqual({ a: '1' });
});

test('with many events at once, each is delivered, and a user’s events become one request', async () => {
  const { sandbox, handlers } = await start();
  const users = Array.from({ length: 50 }, (_, index) => `u${index}`);
  await Promise.all(
    users.flatMap((user) => [
      handlers.onIdentify(identify(user, { plan: 'pro' }), settings),
      handlers.onTrack(track(user, { brand: 'x' }), settings),
    ]),
  );
  expect(sandbox.users().map(({ tags }) => tags)).toEqual(users.map(() => ({ plan: 'pro', brand: 'x' })));
  expect(sandbox.requests()).toHaveLength(users.length);
});

test('a late event does not overwrite newer values from an earlier invocation', async () => {
  const { sandbox, handlers } = await start();
  const at = (timestamp: string, plan: string) => ({ ...identify('u1', { plan }), timestamp });
  await handlers.onIdentify(at('2024-01-02T00:00:00Z', 'new'), settings);
  await handlers.onIdentify(at('2024-01-01T00:00:00Z', 'old'), settings);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'new' });
});
