import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSandbox, type Fault, type Sandbox } from '../../src/sandbox/index.js';
import { startSandbox } from '../sandbox-server.js';
import { app } from './api.js';

afterEach(() => {
  vi.useRealTimers();
});

const path = `${app}/users/by/external_id/u1`;
const setTag = (fetch: Sandbox['fetch'], base: string, init: RequestInit = {}) =>
  fetch(`${base}${path}`, { method: 'PATCH', body: JSON.stringify({ properties: { tags: { a: '1' } } }), ...init });

/** The sandbox must behave the same in process and over a socket. */
describe.each(['in process', 'over HTTP'])('%s', (way) => {
  async function start(...faults: Fault[]) {
    const { sandbox, url } = await startSandbox();
    sandbox.addUser({ externalId: 'u1' });
    for (const fault of faults) sandbox.fail(fault);
    const over = way === 'over HTTP';
    const set = (init: RequestInit = {}) => setTag(over ? fetch : sandbox.fetch, over ? url : 'https://any.host', init);
    return { sandbox, set, tags: () => sandbox.user('u1')?.tags };
  }

  test('a status is answered with its headers and body, and nothing is applied', async () => {
    const { set, tags } = await start({ status: 418, headers: { 'retry-after': '7' }, body: { errors: ['tea'] } });
    const response = await set();
    expect(response.status).toBe(418);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toEqual({ errors: ['tea'] });
    expect(tags()).toEqual({});
  });

  test('a string body is sent as text, like the error page of a proxy', async () => {
    const { set } = await start({ status: 502, body: '<h1>Bad gateway</h1>' });
    const response = await set();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toBe('<h1>Bad gateway</h1>');
  });

  test('drop before breaks the connection and applies nothing', async () => {
    const { set, tags, sandbox } = await start({ drop: 'before' });
    await expect(set()).rejects.toBeInstanceOf(TypeError);
    expect(tags()).toEqual({});
    expect(sandbox.requests()).toEqual([
      { method: 'PATCH', path, body: { properties: { tags: { a: '1' } } }, at: expect.any(Number) },
    ]);
  });

  test('drop after breaks the connection and applies the change', async () => {
    const { set, tags } = await start({ drop: 'after', times: 1 });
    await expect(set()).rejects.toBeInstanceOf(TypeError);
    expect(tags()).toEqual({ a: '1' });
    expect((await set()).status).toBe(202);
  });

  test('a delay ends when the caller aborts, and then nothing is applied', async () => {
    const { set, tags, sandbox } = await start({ delayMs: 60_000 });
    const controller = new AbortController();
    const outcome = set({ signal: controller.signal }).catch((error: unknown) => error);
    await vi.waitUntil(() => sandbox.requests().length === 1);
    controller.abort();
    expect(await outcome).toHaveProperty('name', 'AbortError');
    expect(tags()).toEqual({});
  });
});

async function statuses(sandbox: Sandbox, count: number): Promise<number[]> {
  const list: number[] = [];
  for (let index = 0; index < count; index += 1) list.push((await setTag(sandbox.fetch, 'https://any.host')).status);
  return list;
}

test('a fault hits the given number of requests, or all of them until it is undone', async () => {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  sandbox.fail({ status: 503, times: 2 });
  expect(await statuses(sandbox, 3)).toEqual([503, 503, 202]);
  const undo = sandbox.fail({ status: 500 });
  expect(await statuses(sandbox, 2)).toEqual([500, 500]);
  undo();
  undo();
  expect(await statuses(sandbox, 1)).toEqual([202]);
});

test('faults apply in the order in which they were set, and the first that ends the request decides', async () => {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  sandbox.fail({ status: 500, times: 1 });
  sandbox.fail({ status: 503, times: 1 });
  expect(await statuses(sandbox, 3)).toEqual([500, 503, 202]);
});

test('a fault hits the requests selected by its when function', async () => {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  const seen: unknown[] = [];
  sandbox.fail({
    status: 500,
    when: (request) => {
      seen.push(request);
      return request.method === 'GET';
    },
  });
  expect(await statuses(sandbox, 1)).toEqual([202]);
  expect((await sandbox.fetch(`https://any.host${path}?a=b`)).status).toBe(500);
  expect(seen).toMatchObject([
    { method: 'PATCH', path, body: { properties: { tags: { a: '1' } } } },
    { method: 'GET', path: `${path}?a=b` },
  ]);
});

test('a rate hits that share of requests, and the same ones for the same seed', async () => {
  const run = async (seed: number) => {
    const sandbox = createSandbox({ unknownUsers: 'known', seed });
    sandbox.fail({ status: 503, rate: 0.25 });
    return statuses(sandbox, 400);
  };
  const first = await run(7);
  expect(await run(7)).toEqual(first);
  expect(await run(8)).not.toEqual(first);
  const hit = first.filter((status) => status === 503).length;
  expect(hit).toBeGreaterThan(60);
  expect(hit).toBeLessThan(140);
});

test('a 429 has Retry-After like OneSignal’s, unless the fault has its own headers', async () => {
  const sandbox = createSandbox();
  sandbox.fail({ status: 429, times: 1 });
  sandbox.fail({ status: 429, headers: {}, times: 1 });
  const [usual, bare] = [await sandbox.fetch(`https://a${path}`), await sandbox.fetch(`https://a${path}`)];
  expect(usual.headers.get('retry-after')).toBe('1');
  expect(await usual.json()).toEqual({ errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }] });
  expect(bare.headers.has('retry-after')).toBe(false);
});

test('a 403 is OneSignal’s answer to a refused key, and a fault can set the bodies of its other 403s', async () => {
  const sandbox = createSandbox();
  const plan = { errors: ['This API is not available for applications on your plan.'] };
  const forbidden = { errors: ['Forbidden'] };
  sandbox.fail({ status: 403, body: plan, when: (request) => request.path.includes('/segments') });
  sandbox.fail({ status: 403, body: forbidden, when: (request) => request.path.includes('/subscriptions') });
  sandbox.fail({ status: 403 });
  const bodyOf = async (end: string) => (await sandbox.fetch(`https://a${app}${end}`)).json();
  expect(await bodyOf('/users/by/external_id/u1')).toEqual({
    errors: [expect.stringMatching(/^Access denied\. {2}Please include an 'Authorization: \.\.\.' header/)],
  });
  expect(await bodyOf('/segments')).toEqual(plan);
  expect(await bodyOf('/subscriptions/1/owner')).toEqual(forbidden);
});

test('an invalid status is refused when it is set', () => {
  for (const status of [99, 600, 503.5])
    expect(() => createSandbox().fail({ status })).toThrow('"status" must be an integer from 200 to 599.');
});

test.each<[object, string, string]>([
  [{ delayMs: 1, headers: { a: 'b' } }, 'headers', 'delayMs'],
  [{ delayMs: 1, body: 'x' }, 'body', 'delayMs'],
  [{ drop: 'after', body: null }, 'body', 'drop'],
])('headers and a body are refused without a status: %j', (fault, option, kind) => {
  const message = `"${option}" cannot be combined with "${kind}". Set a second fault, with a "status".`;
  const refused = expect.objectContaining({ name: 'ConfigurationError', code: 'conflict', option, message });
  expect(() => Reflect.apply(createSandbox().fail, undefined, [fault])).toThrow(refused);
});

test('a field that is undefined counts as absent', async () => {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  sandbox.fail({ delayMs: undefined, drop: undefined, status: 503, times: 1 });
  sandbox.fail({ delayMs: 1, drop: undefined, status: undefined, headers: undefined, body: undefined });
  expect(await statuses(sandbox, 2)).toEqual([503, 202]);
  sandbox.fail({ delayMs: undefined, drop: 'before', status: undefined, headers: undefined, body: undefined });
  await expect(setTag(sandbox.fetch, 'https://any.host')).rejects.toBeInstanceOf(TypeError);
});

test('a delay lasts exactly as long as configured on a fake clock, and leaves no timer behind', async () => {
  vi.useFakeTimers();
  const sandbox = createSandbox({ unknownUsers: 'known' });
  sandbox.fail({ delayMs: 1_000 });
  sandbox.fail({ delayMs: 500, times: 1 });
  let isAnswered = false;
  const answer = setTag(sandbox.fetch, 'https://a').then(({ status }) => {
    isAnswered = true;
    return status;
  });
  await vi.advanceTimersByTimeAsync(1_499);
  expect(isAnswered).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await answer).toBe(202);

  const controller = new AbortController();
  const aborted = setTag(sandbox.fetch, 'https://a', { signal: controller.signal }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10);
  expect(vi.getTimerCount()).toBe(1);
  controller.abort(new Error('enough'));
  expect(await aborted).toHaveProperty('message', 'enough');
  expect(vi.getTimerCount()).toBe(0);
});

test('a request that is already aborted never begins', async () => {
  const sandbox = createSandbox();
  await expect(sandbox.fetch(`https://a${path}`, { signal: AbortSignal.abort() })).rejects.toHaveProperty(
    'name',
    'AbortError',
  );
  expect(sandbox.requests()).toEqual([]);
});
