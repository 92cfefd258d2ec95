import { afterEach, describe, expect, test, vi } from 'vitest';
import { version } from '../package.json';
import { createDestinationFromEnv } from '../src/index.js';
import { apiKey, appId } from './delivery/destinations.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** The request of a destination that is created from these variables. */
async function requestWith(env: Record<string, string>): Promise<Request | undefined> {
  const sent = vi.fn(async (request: Request) => new Response('{}', { status: request.url === '' ? 500 : 202 }));
  vi.stubGlobal('fetch', sent);
  const destination = createDestinationFromEnv({ env });
  await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
  return sent.mock.calls[0]?.[0];
}

async function headersWith(env: Record<string, string>): Promise<Headers> {
  return (await requestWith(env))?.headers ?? new Headers();
}

describe('createDestinationFromEnv', () => {
  test('reads the app and the key, and names this library and its version', async () => {
    const headers = await headersWith({ ONESIGNAL_APP_ID: appId, ONESIGNAL_API_KEY: 'os_v2_app_secret' });
    expect(headers.get('authorization')).toBe('Key os_v2_app_secret');
    expect(headers.get('user-agent')).toBe(`segment-onesignal/${version}`);
    expect(headers.get('onesignal-usage')).toBeNull();
  });

  test('sends a legacy key as Basic', async () => {
    const legacyKey = btoa('0f8fad5b-d9cb-469f-a165-70867728950e');
    const headers = await headersWith({ ONESIGNAL_APP_ID: appId, ONESIGNAL_API_KEY: legacyKey });
    expect(headers.get('authorization')).toBe(`Basic ${legacyKey}`);
  });

  test.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['', 'https://api.onesignal.com'],
  ])('with ONESIGNAL_BASE_URL %j sends to %s', async (baseUrl, expected) => {
    const env = { ONESIGNAL_APP_ID: appId, ONESIGNAL_API_KEY: apiKey, ONESIGNAL_BASE_URL: baseUrl };
    expect((await requestWith(env))?.url).toMatch(`${expected}/apps/`);
  });

  test.each([null, 'os_v2_app_key', []])('refuses %j in place of its options', (given) => {
    expect(() => Reflect.apply(createDestinationFromEnv, undefined, [given])).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        option: 'options',
        message: '"options" must be an object.',
      }),
    );
  });

  test('reads process.env by default', () => {
    vi.stubEnv('ONESIGNAL_APP_ID', appId);
    vi.stubEnv('ONESIGNAL_API_KEY', apiKey);
    expect(
      createDestinationFromEnv().plan([{ type: 'identify', userId: 'u1', traits: { a: 1 } }]).requests,
    ).toHaveLength(1);
  });

  test('reads no variables other than the documented ones', () => {
    const read = new Set<string | symbol>();
    const env = new Proxy<Record<string, string>>(
      { ONESIGNAL_APP_ID: appId, ONESIGNAL_API_KEY: apiKey, ONESIGNAL_ORG_API_KEY: 'os_v2_org_secret' },
      {
        get(target, name) {
          read.add(name);
          return Reflect.get(target, name);
        },
      },
    );
    createDestinationFromEnv({ env });
    expect([...read].sort()).toEqual(['ONESIGNAL_API_KEY', 'ONESIGNAL_APP_ID', 'ONESIGNAL_BASE_URL']);
  });

  test.each([
    [{}, 'appId', 'The environment variable ONESIGNAL_APP_ID is not set.'],
    [{ ONESIGNAL_APP_ID: appId }, 'apiKey', 'The environment variable ONESIGNAL_API_KEY is not set.'],
    [
      { ONESIGNAL_API_KEY: apiKey, ONESIGNAL_APP_ID: '' },
      'appId',
      'The environment variable ONESIGNAL_APP_ID is not set.',
    ],
    [{ ONESIGNAL_API_KEY: 'Key k', ONESIGNAL_APP_ID: appId }, 'apiKey', '"apiKey" begins with "Key".'],
  ])('says what is wrong with the variables %j', (env, option, told) => {
    expect(() => createDestinationFromEnv({ env })).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', option, message: expect.stringContaining(told) }),
    );
  });

  test.each([
    [{ ONESIGNAL_APP_ID: appId }, 'ONESIGNAL_APP_ID', 'Pass the variables as createDestinationFromEnv({ env }).'],
    [{ apiKey }, 'apiKey', 'createDestinationFromEnv reads variables. Pass it to createDestination.'],
    [{ transport: {} }, 'transport', 'createDestinationFromEnv reads variables. Pass it to createDestination.'],
  ])('refuses options that would have no effect: %j', (given, option, told) => {
    const env = { ONESIGNAL_APP_ID: appId, ONESIGNAL_API_KEY: apiKey };
    expect(() => Reflect.apply(createDestinationFromEnv, undefined, [{ env, ...given }])).toThrow(
      expect.objectContaining({ code: 'unknown_option', option, message: expect.stringContaining(told) }),
    );
  });

  test('asks for env if there is no process', () => {
    vi.stubGlobal('process', undefined);
    expect(() => createDestinationFromEnv()).toThrow(
      'This runtime has no process.env. Pass the variables as createDestinationFromEnv({ env }).',
    );
  });

  test.each([
    ['maping', 'Did you mean "mapping"?'],
    ['prefix', 'Did you mean "mapping.prefix"?'],
    ['variables', 'Known options: env, mapping, delivery, hooks.'],
  ])('refuses the unknown option %s', (name, advice) => {
    const env = { ONESIGNAL_API_KEY: apiKey, ONESIGNAL_APP_ID: appId };
    expect(() => Reflect.apply(createDestinationFromEnv, undefined, [{ env, [name]: {} }])).toThrow(
      `Unknown option "${name}". ${advice}`,
    );
  });
});
