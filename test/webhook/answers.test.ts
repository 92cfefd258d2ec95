import { describe, expect, test } from 'vitest';
import { DeliveryError, EventError, type Outcome } from '../../src/index.js';
import { createWebhookHandler } from '../../src/webhook/index.js';
import { createAnswering, createReceiver, post, statusAndBody } from './receiver.js';

const fields = { applied: [], dropped: [], warnings: [] };
const delivered: Outcome = { ...fields, messageId: 'm1', status: 'delivered' };
const skipped: Outcome = { ...fields, messageId: 'm2', status: 'skipped', reason: 'empty' };
const failed: Outcome = {
  ...fields,
  messageId: 'm3',
  status: 'failed',
  error: new EventError('missing_type', 'the event has no type'),
};
const retryable = (retryAfterMs?: number): Outcome => ({
  ...fields,
  messageId: 'm4',
  status: 'retryable',
  error: new DeliveryError('rate_limited', 'update_user was answered with 429'),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const batchOf = (outcomes: readonly unknown[]) => post(JSON.stringify(outcomes.map(() => ({ type: 'identify' }))));

test('a batch whose events were delivered or skipped is a 200 with each outcome', async () => {
  const outcomes = [delivered, skipped];
  const answer = await statusAndBody(await createAnswering(outcomes)(batchOf(outcomes)));
  expect(answer).toEqual({
    status: 200,
    body: {
      outcomes: [
        { messageId: 'm1', status: 'delivered' },
        { messageId: 'm2', status: 'skipped', reason: 'empty' },
      ],
    },
  });
});

test('a warning is part of the outcome in the answer', async () => {
  const warning = new DeliveryError('segment_not_created', 'ensure_segment was refused with 422');
  const response = await createAnswering([{ ...delivered, warnings: [warning] }])(batchOf([delivered]));
  expect(await response.json()).toEqual({
    outcomes: [
      {
        messageId: 'm1',
        status: 'delivered',
        warnings: [{ code: 'segment_not_created', message: 'ensure_segment was refused with 422' }],
      },
    ],
  });
});

test('a batch in which some events failed is still a 200, because sending it again would not help', async () => {
  const outcomes = [failed, delivered];
  const answer = await statusAndBody(await createAnswering(outcomes)(batchOf(outcomes)));
  expect(answer).toEqual({
    status: 200,
    body: {
      outcomes: [
        { messageId: 'm3', status: 'failed', code: 'missing_type', message: 'the event has no type' },
        { messageId: 'm1', status: 'delivered' },
      ],
    },
  });
});

test('a retryable outcome makes the answer a 503 with the outcomes', async () => {
  const outcomes = [delivered, failed, retryable(0)];
  const answer = await statusAndBody(await createAnswering(outcomes)(batchOf(outcomes)));
  expect(answer).toEqual({
    status: 503,
    body: {
      message: '1 of 3 events could not be delivered yet. Send the request again.',
      outcomes: [
        { messageId: 'm1', status: 'delivered' },
        { messageId: 'm3', status: 'failed', code: 'missing_type', message: 'the event has no type' },
        { messageId: 'm4', status: 'retryable', code: 'rate_limited', message: 'update_user was answered with 429' },
      ],
    },
  });
});

test.each([
  ['is the largest of all, rounded up', [retryable(2_001), delivered, retryable(500), retryable()], '3'],
  ['is at least one second', [retryable(0)], '1'],
  ['is one second if no outcome names a time', [retryable()], '1'],
  ['is one second if a custom destination returns NaN', [retryable(Number.NaN)], '1'],
])('Retry-After %s', async (_what, outcomes, seconds) => {
  const response = await createAnswering(outcomes)(batchOf(outcomes));
  expect(response.headers.get('retry-after')).toBe(seconds);
});

test('an empty batch is a 200 that does not call the destination', async () => {
  const handler = createWebhookHandler({ deliver: () => Promise.reject(new Error('asked')) }, { allowUnsigned: true });
  expect(await statusAndBody(await handler(post('[]')))).toEqual({ status: 200, body: { outcomes: [] } });
});

describe('an event that arrives on its own', () => {
  const send = async (outcome: Outcome, type = 'identify') =>
    statusAndBody(await createAnswering([outcome])(post(JSON.stringify({ type }))));

  test('and failed is a 400 with its message, which Segment shows', async () => {
    expect(await send(failed)).toMatchObject({ status: 400, body: { message: 'the event has no type' } });
  });

  test('and was delivered or skipped is a 200', async () => {
    expect((await send(delivered)).status).toBe(200);
    expect((await send(skipped)).status).toBe(200);
  });

  test('and is retryable is a 503', async () => {
    expect((await send(retryable())).status).toBe(503);
  });

  const unsupported: Outcome = { ...fields, status: 'skipped', reason: 'unsupported_type' };
  test('and is a delete that is not enabled is a 501, because a 200 would confirm it', async () => {
    expect(await send(unsupported, 'delete')).toMatchObject({ status: 501, body: { message: /deleteUsers/ } });
  });

  test('and is a delete that was skipped for another reason is a 200', async () => {
    expect((await send({ ...fields, status: 'skipped', reason: 'no_user_id' }, 'delete')).status).toBe(200);
  });

  test('and is of another unsupported type is a 200', async () => {
    expect((await send(unsupported, 'page')).status).toBe(200);
  });
});

test('a delete in a batch is a 200, because the answer covers the whole batch', async () => {
  const { handler } = createReceiver({ allowUnsigned: true });
  const answer = await statusAndBody(await handler(post('[{"type":"delete","userId":"u1"}]')));
  expect(answer).toEqual({ status: 200, body: { outcomes: [{ status: 'skipped', reason: 'unsupported_type' }] } });
});

describe('on a real destination', () => {
  test('a single delete is a 501 until it is enabled', async () => {
    const { handler } = createReceiver({ allowUnsigned: true });
    expect((await handler(post('{"type":"delete","userId":"u1"}'))).status).toBe(501);

    const on = createReceiver({ allowUnsigned: true }, { mapping: { deleteUsers: true } });
    on.sandbox.addUser({ externalId: 'u1' });
    expect((await on.handler(post('{"type":"delete","userId":"u1"}'))).status).toBe(200);
    expect(on.sandbox.user('u1')).toBeUndefined();
  });

  test('one event without a type is a 400 that says so', async () => {
    const { handler } = createReceiver({ allowUnsigned: true });
    const answer = await statusAndBody(await handler(post('{"userId":"u1"}')));
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('has no "type"') } });
  });

  test.each(['1', '"text"', 'null', 'true', '[[]]', '[1, null]'])(
    'JSON that is not an event is refused or fails: %s',
    async (body) => {
      const { handler, sandbox } = createReceiver({ allowUnsigned: true });
      expect((await handler(post(body))).status).toBe(body.startsWith('[') ? 200 : 400);
      expect(sandbox.requests()).toEqual([]);
    },
  );

  test('if OneSignal asks for a minute, the answer is a 503 that asks for a minute, and the repeat delivers', async () => {
    const { handler, sandbox } = createReceiver({ allowUnsigned: true }, { delivery: { userIntervalMs: 1 } });
    sandbox.fail({ status: 429, headers: { 'retry-after': '60' }, times: 1 });
    const event = JSON.stringify({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } });
    const refused = await handler(post(event));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(sandbox.user('u1')).toBeUndefined();
    const again = await handler(post(event));
    expect(await statusAndBody(again)).toEqual({ status: 200, body: { outcomes: [{ status: 'delivered' }] } });
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('no error answer contains the key, a user or a stack', async () => {
    const { handler, sandbox } = createReceiver({ allowUnsigned: true }, { delivery: { userIntervalMs: 1 } });
    for (const status of [400, 401, 403, 404, 409, 500, 503]) {
      sandbox.fail({ status, body: { errors: ['u-1234 was refused'] }, times: 3 });
      const response = await handler(post('{"type":"identify","userId":"u-1234","traits":{"plan":"pro"}}'));
      const text = `${[...response.headers]} ${await response.text()}`;
      expect(text).not.toMatch(/u-1234|\bkey\b.*:|at .*\.ts/);
    }
  });
});

describe('a destination', () => {
  const failing = (deliver: () => Promise<readonly Outcome[]>) =>
    createWebhookHandler({ deliver }, { allowUnsigned: true });

  test.each<[string, () => Promise<readonly Outcome[]>]>([
    ['rejects', () => Promise.reject(new Error('redis://user:secret@host is down'))],
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    ['forgets an event', async () => [delivered]],
  ])('that %s is answered with a 503 without details, so that nothing is lost', async (_what, deliver) => {
    const response = await failing(deliver)(post('[{"type":"identify"},{"type":"identify"}]'));
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await statusAndBody(response)).toEqual({
      status: 503,
      body: { message: 'The events were not delivered. Send the request again.' },
    });
  });
});

test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('%s is a 405 that lists the allowed methods', async (method) => {
  const handler = createAnswering([]);
  const response = await handler(new Request('http://receiver.test/segment', { method }));
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST, PUT, PATCH');
});

test.each(['PUT', 'PATCH'])('%s is accepted, because Segment can be configured to use it', async (method) => {
  const { handler } = createReceiver({ allowUnsigned: true });
  const body = '{"type":"identify","userId":"u1","traits":{"a":1}}';
  expect((await handler(new Request('http://receiver.test/segment', { method, body }))).status).toBe(200);
});

test('the destination receives the signal of the request and the time left until the deadline', async () => {
  const controller = new AbortController();
  const given: { signal: AbortSignal | undefined; deadlineMs: number | undefined }[] = [];
  const handler = createWebhookHandler(
    {
      async deliver(_inputs, { signal, deadlineMs } = {}) {
        controller.abort();
        given.push({ signal, deadlineMs });
        return [delivered];
      },
    },
    { allowUnsigned: true, deadlineMs: 1_000 },
  );
  await handler(new Request('http://receiver.test', { method: 'POST', body: '{}', signal: controller.signal }));
  expect(given[0]?.signal?.aborted).toBe(true);
  expect(given[0]?.deadlineMs).toBeGreaterThan(0);
  expect(given[0]?.deadlineMs).toBeLessThanOrEqual(1_000);
});
