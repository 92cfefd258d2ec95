import { afterEach, describe, expect, test, vi } from 'vitest';
import { app, callsTo } from './calls.js';
import type { Fault } from './faults.js';
import { createStrictOneSignal, type StrictOneSignal, type StrictOptions } from './strict-onesignal.js';

const u1 = '/users/by/external_id/u1';
const headers = { authorization: 'Key k', 'content-type': 'application/json' };
const update = { properties: { tags: { a: '1' } } };
const isSet = (server: StrictOneSignal) => server.users()[0]?.tags.a === '1';

afterEach(() => {
  vi.useRealTimers();
});

describe.each(['in process', 'over HTTP'])('%s', (way) => {
  async function start(fault: Fault) {
    const server = createStrictOneSignal({ faults: { [fault]: 1 }, slowMs: 5 });
    server.addUser({ externalId: 'u1' });
    const { url, close } = await server.listen();
    const [base, send] = way === 'in process' ? ['https://api.onesignal.com', server.fetch] : [url, fetch];
    const answer = await send(`${base}${app}${u1}`, { method: 'PATCH', headers, body: JSON.stringify(update) }).then(
      async (response) => ({ response, text: await response.text() }),
      (error: unknown) => ({ error }),
    );
    await close();
    expect(server.violations).toEqual([]);
    return { server, answer };
  }

  test.each([
    ['dropBefore', false],
    ['dropAfter', true],
  ] as const)('%s breaks the connection', async (fault, applied) => {
    const { server, answer } = await start(fault);
    expect(answer).toEqual({ error: expect.any(TypeError) });
    expect(isSet(server)).toBe(applied);
    expect(server.requests).toMatchObject([{ fault, isApplied: applied }]);
    expect(server.requests[0]).not.toHaveProperty('status');
  });

  test.each([
    ['rateLimited', 429, /API rate limit exceeded/],
    ['unavailable', 503, /Service temporarily unavailable/],
    ['html200', 200, /^<!doctype html>/],
    ['html403', 403, /^<!doctype html>/],
  ] as const)('%s is a %i that applies nothing', async (fault, status, text) => {
    const { server, answer } = await start(fault);
    expect(answer).toMatchObject({ response: { status }, text: expect.stringMatching(text) });
    const retryAfter = 'response' in answer ? answer.response.headers.get('retry-after') : null;
    expect(retryAfter).toEqual(status === 429 ? expect.stringMatching(/^[123]$/) : null);
    expect(isSet(server)).toBe(false);
  });

  test('a slow answer belongs to a request that was applied at once', async () => {
    const { server, answer } = await start('slow');
    expect(answer).toMatchObject({ response: { status: 202 } });
    expect(isSet(server)).toBe(true);
  });
});

test('a slow answer waits on the current timers, real or fake, and an abort ends the wait', async () => {
  vi.useFakeTimers();
  const server = createStrictOneSignal({ faults: { slow: 1 }, slowMs: 10_000, latencyMs: () => 500 });
  server.addUser({ externalId: 'u1' });
  const controller = new AbortController();
  const send = () => server.send({ method: 'PATCH', path: `${app}${u1}`, body: update }, { signal: controller.signal });
  let status = 0;
  const first = send().then((answer) => {
    status = answer.status;
  });
  await vi.advanceTimersByTimeAsync(10_499);
  expect(status).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  expect(status).toBe(202);
  const second = send().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1);
  controller.abort(new Error('enough'));
  expect(await second).toHaveProperty('message', 'enough');
  expect(vi.getTimerCount()).toBe(0);
  expect(await send().catch((error: unknown) => error)).toHaveProperty('message', 'enough');
  expect(server.requests).toHaveLength(2);
});

test('without a delay, nothing waits for a timer', async () => {
  vi.useFakeTimers();
  const server = createStrictOneSignal();
  server.addUser({ externalId: 'u1' });
  const answer = await server.fetch(`https://api.onesignal.com${app}${u1}`, { headers });
  expect(answer.status).toBe(200);
  expect(vi.getTimerCount()).toBe(0);
});

test('a fresh user is hidden from every request except an upsert, as long as it is fresh', async () => {
  const clock = { now: 0 };
  const server = createStrictOneSignal({ now: () => clock.now, userIntervalMs: 0, freshMs: 1_000 });
  const call = callsTo(server);
  const identity = { external_id: 'u1' };
  server.faults = { freshUserHidden: 1 };
  server.addUser({ externalId: 'u2' });
  expect((await call('POST', '/users', { identity })).status).toBe(200);
  const find = async () => [
    (await call('PATCH', u1, update)).status,
    (await call('POST', '/users', { identity })).status,
    (await call('PATCH', '/users/by/external_id/u2', update)).status,
    (await call('POST', '/custom_events', { events: [{ name: 'a', external_id: 'u1' }] })).body,
  ];
  expect(await find()).toEqual([404, 202, 202, { errors: [expect.anything()] }]);
  clock.now = 1_000;
  expect(await find()).toEqual([202, 202, 202, {}]);
});

test('the same seed produces the same faults, each about as often as configured', async () => {
  const run = async (options: StrictOptions) => {
    const server = createStrictOneSignal({ validate: false, ...options });
    server.addUser({ externalId: 'u1' });
    const call = callsTo(server);
    for (let index = 0; index < 400; index += 1) await call('GET', u1).catch(() => undefined);
    return server.requests.map(({ fault }) => fault);
  };
  const faults = { dropBefore: 0.1, rateLimited: 0.1, html403: 0.1 };
  const first = await run({ seed: 7, faults });
  expect(await run({ seed: 7, faults })).toEqual(first);
  expect(await run({ seed: 8, faults })).not.toEqual(first);
  for (const [fault, share] of [
    ['dropBefore', 40],
    ['rateLimited', 40],
    ['html403', 40],
    [undefined, 280],
  ] as const)
    expect(Math.abs(first.filter((hit) => hit === fault).length - share)).toBeLessThan(25);
});

test('a missing header that OneSignal requires is a violation', async () => {
  const server = createStrictOneSignal();
  server.addUser({ externalId: 'u1' });
  await server.fetch(`https://a${app}${u1}`, { headers: { authorization: 'Basic k' } });
  await server.fetch(`https://a${app}${u1}`, { method: 'PATCH', headers: { authorization: 'Key k' }, body: '{}' });
  expect(server.violations.map(({ rule, detail }) => [rule, detail])).toEqual([
    ['headers', 'authorization must be "Key" and a key'],
    ['headers', 'content-type must be application/json'],
  ]);
});
