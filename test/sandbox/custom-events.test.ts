import { afterEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const path = `${app}/custom_events`;
const event = {
  name: 'purchase',
  external_id: 'u1',
  timestamp: '2025-10-21T19:09:32.263Z',
  properties: { price: 24.99, nested: [{ a: null }] },
};
const key = '567491ee-9105-4a87-9cbc-ed78a571645b';

afterEach(() => {
  vi.useRealTimers();
});

async function start(validate = true) {
  const { sandbox } = await startSandbox({}, { validate });
  sandbox.addUser({ externalId: 'u1' });
  const call = apiOf(sandbox);
  return {
    sandbox,
    send: (...events: object[]) => call('POST', path, { events }),
    post: (body: unknown) => call('POST', path, body),
  };
}

test('events are accepted with 202 and stored unchanged', async () => {
  const { sandbox, send } = await start();
  expect(await send(event, { ...event, idempotency_key: key })).toMatchObject({ status: 202, body: {} });
  expect(sandbox.customEvents()).toEqual([event, { ...event, idempotency_key: key }]);
});

test('only the event of an unknown user fails, with its external id and the event_id from its properties', async () => {
  const { sandbox, send } = await start();
  const { status, body } = await send(event, { ...event, external_id: 'nobody', properties: { event_id: 'e1' } });
  expect(status).toBe(202);
  expect(body).toEqual({
    errors: [
      {
        event_user_id: 'nobody',
        event_id: 'e1',
        error: { code: 'not found', title: 'failed to find a onesignal_id for user_id nobody' },
      },
    ],
  });
  expect(sandbox.customEvents()).toEqual([event]);
});

test('payload, which OneSignal’s own clients send, counts as properties', async () => {
  const { sandbox, send } = await start();
  const { properties, ...rest } = event;
  await send({ ...rest, payload: properties });
  expect(sandbox.customEvents()).toEqual([event]);
});

test('a missing or future time becomes the current time', async () => {
  const { sandbox, send } = await start();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  await send({ name: 'a', external_id: 'u1' }, { ...event, timestamp: '2026-01-01T00:00:00.001Z' });
  expect(sandbox.customEvents().map(({ timestamp }) => timestamp)).toEqual(Array(2).fill('2026-01-01T00:00:00.000Z'));
});

test('an idempotency key counts for four hours', async () => {
  const { sandbox, send } = await start();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  const once = { ...event, idempotency_key: key };
  await send(once, once);
  vi.advanceTimersByTime(4 * 3_600_000 - 1);
  expect((await send(once)).status).toBe(202);
  expect(sandbox.customEvents()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await send(once);
  expect(sandbox.customEvents()).toHaveLength(2);
});

test('an event that failed does not use up its key', async () => {
  const { sandbox, send } = await start();
  await send({ ...event, external_id: 'later', idempotency_key: key });
  sandbox.addUser({ externalId: 'later' });
  await send({ ...event, external_id: 'later', idempotency_key: key });
  expect(sandbox.customEvents()).toHaveLength(1);
});

test('an event of 2,024 bytes in UTF-8 is accepted; one of 2,025 is a 400 with an empty body', async () => {
  const { sandbox, send } = await start();
  const bytes = (value: object) => new TextEncoder().encode(JSON.stringify(value)).length;
  const filled = (size: number, letter: string) => {
    const empty = { name: 'a', external_id: 'u1', properties: { text: '' } };
    const text = letter.repeat((size - bytes(empty)) / bytes2(letter));
    return { ...empty, properties: { text } };
  };
  const bytes2 = (letter: string) => new TextEncoder().encode(letter).length;
  expect(bytes(filled(2_024, 'x'))).toBe(2_024);
  expect((await send(filled(2_024, 'x'))).status).toBe(202);
  const refused = await send(event, filled(2_025, 'x'));
  expect(refused).toMatchObject({ status: 400 });
  expect(refused.body).toEqual({});
  expect((await send(filled(2_100, '😀'))).status).toBe(400);
  expect(sandbox.customEvents()).toHaveLength(1);
});

test('a request of more than 1 MB is a 400', async () => {
  const { send } = await start();
  const big = { name: 'a', external_id: 'u1', properties: { text: 'x'.repeat(1_900) } };
  expect((await send(...Array(500).fill(big))).status).toBe(202);
  expect((await send(...Array(520).fill(big))).status).toBe(400);
});

test.each<[string, unknown]>([
  ['no events', { events: [] }],
  ['events that are not an array', { events: {} }],
  ['no name', { events: [{ ...event, name: undefined }] }],
  ['a name of 129 characters', { events: [{ ...event, name: 'n'.repeat(129) }] }],
  ['a name that begins with os.', { events: [{ ...event, name: 'os.x' }] }],
  ['a name that begins with os__', { events: [{ ...event, name: 'os__x' }] }],
  ['an event without a user', { events: [{ ...event, external_id: undefined }] }],
  ['an invalid time', { events: [{ ...event, timestamp: 'yesterday' }] }],
  ['properties that are an array', { events: [{ ...event, properties: [] }] }],
  ['an idempotency key that is not a UUID', { events: [{ ...event, idempotency_key: 'm1' }] }],
  ['a body that is not JSON', '{'],
])('%s is a 400 with an empty body', async (_what, body) => {
  const { sandbox, post } = await start(false);
  const refused = await post(body);
  expect(refused.status).toBe(400);
  expect(refused.body).toEqual({});
  expect(sandbox.customEvents()).toEqual([]);
});

test('a user may be identified by its onesignal_id', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  const { body } = await call('POST', `${app}/users`, { identity: { external_id: 'u1' } });
  const onesignalId = JSON.stringify(body).match(/"onesignal_id":"([^"]+)"/)?.[1];
  await call('POST', path, { events: [{ name: 'a', onesignal_id: onesignalId }] });
  expect(sandbox.customEvents()).toMatchObject([{ name: 'a', external_id: 'u1' }]);
});
