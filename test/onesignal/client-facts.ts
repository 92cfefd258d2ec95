import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { createOneSignalTransport, type OneSignalTransportOptions } from '../../src/onesignal/client.js';
import type { OneSignalRequest } from '../../src/onesignal/transport.js';
import { json, type LocalServer, startLocalServer } from '../local-server.js';
import { describeLargeAnswers } from '../transport-contract/large-answers.js';

/** Tests of the default transport. They run against every major version of ky that the package allows. */
export function describeClient(kyVersion: { networkErrorName: string }): void {
  const request: OneSignalRequest = {
    method: 'PATCH',
    path: '/apps/7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a/users/by/external_id/a%2Fb',
    body: { properties: { tags: { plan: 'pro' } } },
  };
  let server: LocalServer;
  beforeEach(async () => {
    server = await startLocalServer();
  });
  const transport = (options: Partial<OneSignalTransportOptions> = {}) =>
    createOneSignalTransport({ apiKey: 'os_v2_app_secret', baseUrl: server.url, ...options });
  const send = (options?: Partial<OneSignalTransportOptions>, sent = request, signal = new AbortController().signal) =>
    transport(options).send(sent, { signal });
  const header = async (name: string, value: string): Promise<string | null> => {
    server.answer = json(429, {}, { [name]: value });
    const { headers } = await send();
    return new Headers([...(Symbol.iterator in headers ? headers : [])].map(([key, text]) => [key, String(text)])).get(
      'retry-after',
    );
  };

  describe('the HTTP request', () => {
    test('is the given request, with the key and as JSON', async () => {
      await send();
      expect(server.requests).toHaveLength(1);
      const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '' }] = server.requests;
      expect({ method, url, body: JSON.parse(body) }).toEqual({
        method: 'PATCH',
        url: request.path,
        body: request.body,
      });
      expect(headers.authorization).toBe('Key os_v2_app_secret');
      expect(headers['content-type']).toBe('application/json');
    });

    test('has no body and no content type if the given request has no body', async () => {
      await send({}, { method: 'DELETE', path: '/apps/a/users/by/external_id/u1' });
      await send({}, { method: 'GET', path: '/apps/a/users/by/external_id/u1' });
      expect(server.requests.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
        ['DELETE', '', undefined],
        ['GET', '', undefined],
      ]);
    });

    test('is encoded as UTF-8', async () => {
      await send({}, { ...request, body: { properties: { tags: { city: 'Köln 猫😀' } } } });
      expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ properties: { tags: { city: 'Köln 猫😀' } } });
    });

    const legacyKey = btoa('0f8fad5b-d9cb-469f-a165-70867728950e');

    test.each([
      ['Basic', { apiKey: legacyKey }],
      ['Key', { apiKey: `${legacyKey}A` }],
      ['Key', { apiKey: legacyKey.replace('M', '_') }],
      ['Key', { apiKey: legacyKey, authScheme: 'Key' }],
      ['Basic', { apiKey: 'another-key', authScheme: 'Basic' }],
    ] as const)('has the unchanged key, with the scheme %s for %j', async (scheme, access) => {
      await send(access);
      expect(server.requests[0]?.headers.authorization).toBe(`${scheme} ${access.apiKey}`);
    });

    test.each([
      ['', ''],
      ['/', ''],
      ['/proxy', '/proxy'],
      ['/proxy//', '/proxy'],
      ['?', ''],
      ['#', ''],
    ])('goes to a base URL that ends with %j', async (end, prefix) => {
      await send({ baseUrl: server.url + end });
      expect(server.requests[0]?.url).toBe(prefix + request.path);
    });
  });

  describe('the response', () => {
    test.each([
      [200, { identity: { onesignal_id: 'x' } }],
      [202, { properties: { tags: { plan: 'pro' } } }],
      [400, { errors: [{ code: 'request-1', title: 'Invalid UUID' }] }],
      [401, { errors: [{ code: 'auth-1', title: 'no key' }] }],
      [403, { errors: ['Access denied.'] }],
      [404, { errors: [{ code: 'user-1', title: 'not found' }] }],
      [409, { success: false, errors: ['Segment with the given id already exists.'] }],
      [429, { errors: ['API rate limit exceeded'] }],
      [500, { errors: 'internal' }],
      [503, { errors: ['Service temporarily unavailable'] }],
    ])('%i is a response with its body, after one request', async (status, body) => {
      server.answer = json(status, body);
      expect(await send()).toMatchObject({ status, body });
      expect(server.requests).toHaveLength(1);
    });

    test('a 429 keeps Retry-After in both forms, with its name in any case', async () => {
      expect(await header('Retry-After', '2')).toBe('2');
      expect(await header('retry-after', 'Wed, 21 Oct 2026 07:28:00 GMT')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
      expect(server.requests).toHaveLength(2);
    });

    test('a body that is not JSON is a string', async () => {
      server.answer = (response) =>
        response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      expect(await send()).toMatchObject({ status: 502, body: '<h1>Bad gateway</h1>' });
    });

    test('a body that only claims to be JSON is a string', async () => {
      server.answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":');
      expect(await send()).toMatchObject({ status: 200, body: '{"a":' });
    });

    test.each([[202], [204], [404]])('an empty body of a %i is undefined', async (status) => {
      server.answer = (response) => response.writeHead(status).end();
      expect(await send()).toMatchObject({ status, body: undefined });
    });

    test('a redirect is a response and is not followed: it would carry people’s data elsewhere', async () => {
      const elsewhere = await startLocalServer();
      server.answer = (response) => response.writeHead(307, { location: `${elsewhere.url}/apps` }).end();
      expect((await send()).status).toBe(307);
      expect(elsewhere.requests).toEqual([]);
    });

    test('a slow response is awaited', async () => {
      server.answer = (response) => {
        response.writeHead(202, { 'content-type': 'application/json' });
        response.write('{"properties":');
        setTimeout(() => response.end('{}}'), 50);
      };
      expect(await send()).toMatchObject({ status: 202, body: { properties: {} } });
    });
  });

  describeLargeAnswers((baseUrl, sent) => send({ baseUrl }, sent));

  test('a 407 rejects, because it comes from a proxy', async () => {
    const proxied = send({ fetch: async () => new Response('<h1>Who are you?</h1>', { status: 407 }) });
    await expect(proxied).rejects.toThrow('proxy');
  });

  test('the response of a fetch whose bodies are not streams is read too', async () => {
    const fetch = async () => Object.defineProperty(new Response('{"a":1}'), 'body', { value: undefined });
    expect(await send({ fetch })).toMatchObject({ status: 200, body: { a: 1 } });
  });

  describe('without a response', () => {
    test('because nothing listens, it rejects after one attempt', async () => {
      await server.close();
      await expect(send()).rejects.toMatchObject({ name: kyVersion.networkErrorName });
    });

    test.each(['GET', 'PATCH', 'POST', 'DELETE'] as const)(
      'because the connection of a %s is cut, it rejects after one attempt',
      async (method) => {
        server.answer = (response) => response.destroy();
        const body = method === 'PATCH' || method === 'POST' ? { body: {} } : {};
        await expect(send({}, { method, path: '/apps/a/users', ...body })).rejects.toThrow();
        expect(server.requests).toHaveLength(1);
      },
    );

    test('because it is cut in the middle of the body, it rejects', async () => {
      server.answer = (response) => {
        response.writeHead(202, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"properties"');
        setTimeout(() => response.destroy(), 20);
      };
      await expect(send()).rejects.toThrow();
      expect(server.requests).toHaveLength(1);
    });
  });

  describe('an abort', () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

    test('before the request sends nothing', async () => {
      await expect(send({}, request, AbortSignal.abort(new Error('enough')))).rejects.toThrow();
      expect(server.requests).toEqual([]);
    });

    test.each([
      ['while it waits for the answer', () => {}],
      [
        'in the middle of the body',
        (response: Parameters<LocalServer['answer']>[0]) => {
          response.writeHead(202, { 'content-length': '100' });
          response.write('{');
        },
      ],
    ])('%s rejects and leaves no timer and no socket', async (_, answer) => {
      const before = timers();
      const controller = new AbortController();
      const closed = new Promise((resolve) => {
        server.answer = (response) => {
          response.on('close', () => resolve(response.socket?.destroyed ?? true));
          answer(response);
          setImmediate(() => controller.abort(new Error('enough')));
        };
      });
      await expect(send({}, request, controller.signal)).rejects.toThrow();
      expect(await closed).toBe(true);
      expect(timers()).toBeLessThanOrEqual(before);
    });

    test('after the answer has no effect, because nothing listens for it', async () => {
      const controller = new AbortController();
      const response = await send({ fetch: async () => new Response('{}') }, request, controller.signal);
      controller.abort();
      expect(response).toMatchObject({ status: 200, body: {} });
      expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
    });
  });

  describe('fetch', () => {
    const answer = async () => new Response('{}', { status: 202 });
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    test('is the given function, and undefined means the global one', async () => {
      const own = vi.fn<typeof globalThis.fetch>(answer);
      await send({ fetch: own });
      expect(own).toHaveBeenCalledOnce();
      await send({ fetch: undefined });
      expect(server.requests).toHaveLength(1);
    });

    test('is looked up for each request, so that it can be replaced later', async () => {
      const { send: sendLater } = transport();
      const later = vi.fn<typeof globalThis.fetch>(answer);
      vi.stubGlobal('fetch', later);
      await sendLater(request, { signal: new AbortController().signal });
      expect(later).toHaveBeenCalledOnce();
      expect(server.requests).toEqual([]);
    });
  });

  describe('options that cannot work are refused at once', () => {
    const refused = (options: unknown) => {
      try {
        Reflect.apply(createOneSignalTransport, undefined, [options]);
      } catch (thrown) {
        if (thrown instanceof ConfigurationError) return thrown;
      }
      throw new Error('no ConfigurationError');
    };
    const apiKey = 'k';

    test.each<[string, unknown, string, string]>([
      ['no options', undefined, 'missing', 'options'],
      ['a key instead of options', 'os_v2_app_key', 'missing', 'options'],
      ['no key', {}, 'missing', 'apiKey'],
      ['an empty key', { apiKey: '' }, 'missing', 'apiKey'],
      ['a key that is not a string', { apiKey: 42 }, 'invalid', 'apiKey'],
      ['a key with a line end', { apiKey: 'secret\n' }, 'invalid', 'apiKey'],
      ['a key with white space', { apiKey: 'Key secret' }, 'invalid', 'apiKey'],
      ['a key with letters beyond ASCII', { apiKey: 'sécret' }, 'invalid', 'apiKey'],
      ['another scheme', { apiKey, authScheme: 'Bearer' }, 'invalid', 'authScheme'],
      ['not a URL', { apiKey, baseUrl: 'api.onesignal.com' }, 'invalid', 'baseUrl'],
      ['another protocol', { apiKey, baseUrl: 'ftp://api.onesignal.com' }, 'invalid', 'baseUrl'],
      ['a protocol that only ends like one', { apiKey, baseUrl: 'xhttp://api.onesignal.com' }, 'invalid', 'baseUrl'],
      ['credentials in the URL', { apiKey, baseUrl: 'https://a:b@api.onesignal.com' }, 'invalid', 'baseUrl'],
      ['a query', { apiKey, baseUrl: 'https://api.onesignal.com?a=b' }, 'invalid', 'baseUrl'],
      ['a fragment', { apiKey, baseUrl: 'https://api.onesignal.com#a' }, 'invalid', 'baseUrl'],
      ['a URL object', { apiKey, baseUrl: 42 }, 'invalid', 'baseUrl'],
      ['a fetch that is not a function', { apiKey, fetch: 'node-fetch' }, 'invalid', 'fetch'],
      ['a misspelled option', { apiKey, baseURL: 'http://127.0.0.1' }, 'unknown_option', 'baseURL'],
    ])('%s', (_, options, code, option) => {
      const error = refused(options);
      expect({ code: error.code, option: error.option }).toEqual({ code, option });
      expect(error.message.toLowerCase()).toContain(option.toLowerCase());
      expect(error.message).not.toMatch(/secret|sécret|\n|a:b/);
    });

    test('but every option except the key may be undefined', () => {
      const none = { authScheme: undefined, baseUrl: undefined, fetch: undefined };
      expect(() => createOneSignalTransport({ apiKey, ...none })).not.toThrow();
    });
  });
}
