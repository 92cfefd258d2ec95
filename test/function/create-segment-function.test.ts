import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSegmentFunction, type SegmentFunctionOptions } from '../../src/function/index.js';
import { readSettings } from '../../src/function/settings.js';
import { startSandbox } from '../sandbox-server.js';

const settings = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_secret' };
const identify = (userId: string, traits: Record<string, unknown>) => ({ type: 'identify', userId, traits });

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A function bundled by its author, in a runtime with a standard fetch whose requests go to a sandbox. */
async function start(options?: SegmentFunctionOptions) {
  const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
  const { fetch } = globalThis;
  const sent: (RequestInit | undefined)[] = [];
  vi.stubGlobal('fetch', (target: string, init?: RequestInit) => {
    sent.push(init);
    return fetch(target.replace('https://api.onesignal.com', url), init);
  });
  return { sandbox, sent, handlers: createSegmentFunction(options) };
}

test('the options of the author apply to every instance, and a setting overrides the option of the same name', async () => {
  const { sandbox, handlers } = await start({ mapping: { prefix: 'all_', exclude: ['ssn'] } });
  await handlers.onIdentify(identify('u1', { plan: 'pro', ssn: '1' }), settings);
  await handlers.onIdentify(identify('u2', { plan: 'pro', ssn: '1' }), { ...settings, prefix: 'one_' });
  expect(sandbox.users().map(({ tags }) => tags)).toEqual([{ all_plan: 'pro' }, { one_plan: 'pro' }]);
});

test('the function stays within its 5 s even if delivery options are undefined', async () => {
  const { sandbox, handlers } = await start({
    delivery: { deadlineMs: undefined, timeoutMs: undefined, order: false },
  });
  sandbox.fail({ delayMs: 60_000 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    const thrown = handlers.onIdentify(identify('u1', { plan: 'pro' }), settings).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await thrown).toMatchObject({ name: 'RetryError' });
  } finally {
    vi.useRealTimers();
  }
});

test('an abandoned attempt is aborted if the runtime supports that', async () => {
  const { sandbox, sent, handlers } = await start({ delivery: { deadlineMs: 50 } });
  sandbox.fail({ delayMs: 60_000 });
  await expect(handlers.onIdentify(identify('u1', { plan: 'pro' }), settings)).rejects.toThrow('deadline');
  expect(sent.map((init) => init?.signal?.aborted)).toEqual([true]);
});

test('the setting missingUser creates users that OneSignal does not have', async () => {
  const { sandbox, url } = await startSandbox();
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (target: string, init?: RequestInit) =>
    fetch(target.replace('https://api.onesignal.com', url), init),
  );
  const { onIdentify } = createSegmentFunction({ delivery: { userIntervalMs: 0 } });
  await onIdentify(identify('new', { plan: 'pro' }), { ...settings, missingUser: 'create' });
  expect(sandbox.user('new')?.tags).toEqual({ plan: 'pro' });
});

test('legacy keys are sent as Basic', async () => {
  const { sent, handlers } = await start();
  await handlers.onIdentify(identify('u1', { plan: 'pro' }), { ...settings, authScheme: 'Basic' });
  expect(new Headers(sent[0]?.headers).get('authorization')).toBe('Basic os_v2_app_secret');
});

test('more than a hundred instances in one container still work', async () => {
  const { sandbox, handlers } = await start();
  for (let index = 0; index < 102; index++)
    await handlers.onIdentify(identify(`u${index}`, { plan: 'pro' }), { ...settings, prefix: `p${index}_` });
  expect(sandbox.users()).toHaveLength(102);
});

describe('settings are strings, booleans, arrays and maps of strings', () => {
  test.each<[string, unknown, unknown]>([
    ['tagLimit', '10', 10],
    ['tagLimit', 'ten', 'ten'],
    ['nested', 'flatten', 'flatten'],
    ['integrations', 'respect', 'respect'],
    ['integrations', 'My Function (My Workspace)', { respect: 'My Function (My Workspace)' }],
    ['eventName', 'prefix', 'prefix'],
    ['eventName', 'last_event', { tag: 'last_event' }],
    ['dates', 'auto', 'auto'],
    ['dates', ['auto'], 'auto'],
    ['dates', ['created_at', 'birthday'], ['created_at', 'birthday']],
    ['include', ['plan', '', '  '], ['plan']],
    ['customEvents', ['Order Completed'], ['Order Completed']],
    ['customEvents', true, true],
    ['subscriptions', ['email', 'sms'], { email: true, sms: true }],
    ['page', true, 'custom_event'],
    ['page', false, undefined],
    ['screen', 'custom_event', 'custom_event'],
    ['alias', 'old_id', { label: 'old_id' }],
    ['user', 'customer_id', { label: 'customer_id' }],
    ['deleteUsers', false, false],
    ['rename', { plan: 'tier' }, { plan: 'tier' }],
    ['rename', { plan: 'tier', size: '', ' ': 'x' }, { plan: 'tier' }],
  ])('%s: %j', (name, value, option) => {
    expect(readSettings({ ...settings, [name]: value }).mapping).toEqual({ [name]: option });
  });

  test.each([undefined, null, '', '  ', [], [''], [' ', ''], {}, { plan: ' ' }])('%j counts as absent', (value) => {
    expect(readSettings({ ...settings, prefix: value }).mapping).toEqual({});
  });

  test('a setting with an unknown name is ignored', () => {
    expect(readSettings({ ...settings, colour: 'red', label: 'x' }).mapping).toEqual({});
  });
});

describe('a setting that would silently have another effect is an error that says what to do', () => {
  const refusalOf = async (given: Record<string, unknown>) => {
    const { handlers } = await start();
    const call = handlers.onIdentify({ type: 'page', userId: 'u1' }, { ...settings, ...given });
    return call.catch(({ name, message }: Error) => `${name}: ${message}`);
  };

  test.each<[Record<string, unknown>, RegExp]>([
    [{ dates: ['auto', 'created_at'] }, /"dates" .*"auto"/],
    [{ customEvents: ['true'] }, /"customEvents" .*BOOLEAN/],
    [{ customEvents: ['Order Completed', 'False'] }, /"customEvents" .*BOOLEAN/],
    [{ subscriptions: ['emails'] }, /"email"/],
    [{ subscriptions: ['true'] }, /email, sms, push/],
    [{ subscriptions: true }, /"subscriptions" .*ARRAY of email, sms and push/],
    [{ subscriptions: 'email' }, /"subscriptions" .*ARRAY of email, sms and push/],
    [{ profile: ['lang'] }, /"mapping.profile" .*language/],
    [{ authScheme: 'basic' }, /"authScheme" .*"Basic"/],
    [{ missingUser: 'Create' }, /"delivery.missingUser" .*'create'/],
    [{ eventName: 'Prefix' }, /"eventName" .*drop or prefix/],
    [{ eventName: 'true' }, /"eventName" .*drop or prefix/],
    [{ integrations: 'Respect' }, /"integrations" .*ignore or respect/],
    [{ integrations: ' ignore' }, /"integrations" .*ignore or respect/],
    [{ alias: true }, /"alias" .*STRING/],
    [{ alias: 'true' }, /"alias" .*STRING/],
    [{ user: true }, /"user" .*STRING/],
    [{ user: 'customer id' }, /"mapping.user.label" .*white space/],
    [{ Exclude: ['ssn'] }, /"Exclude".*"exclude"/],
    [{ tag_limit: '10' }, /"tag_limit".*"tagLimit"/],
    [{ 'custom-events': true }, /"custom-events".*"customEvents"/],
    [{ tag: 'plan' }, /"tag" cannot be a setting.*createSegmentFunction/],
    [{ segmentName: 'VIPs' }, /"segmentName" cannot be a setting.*createSegmentFunction/],
    [{ segment_name: 'VIPs' }, /"segment_name" cannot be a setting.*createSegmentFunction/],
  ])('%j', async (given, expected) => {
    const refusal = await refusalOf(given);
    expect(refusal).toMatch(/^RetryError: /);
    expect(refusal).toMatch(expected);
  });

  test('a setting that was left blank is not checked', async () => {
    expect(await refusalOf({ Exclude: '', authScheme: ' ', alias: null })).toMatch(/^EventNotSupported/);
  });

  test('dates as an array of only auto converts every date', async () => {
    const { sandbox, handlers } = await start();
    await handlers.onIdentify(identify('u1', { since: '2024-01-02T00:00:00Z' }), { ...settings, dates: ['auto'] });
    expect(sandbox.user('u1')?.tags).toEqual({ since: '1704153600' });
  });
});
