import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Operation } from '../../src/index.js';
import type { Fault, Sandbox } from '../../src/sandbox/index.js';
import { startSandbox } from '../sandbox-server.js';
import { createPlanDelivery, planned } from './planned.js';
import { transports } from './transports.js';
import { field } from './wire.js';

// Other tests cover the waits between attempts, so there are none here.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const user = { label: 'external_id', id: 'u1' };
type Type = Operation['type'];

/** Each operation, and how the sandbox shows that it was applied; `undefined` if it does not. */
const operations: Record<Type, { operation: Operation; isApplied: (sandbox: Sandbox) => boolean | undefined }> = {
  update_user: {
    operation: { type: 'update_user', user, tags: { plan: 'pro', old: '' } },
    isApplied: (sandbox) => JSON.stringify(sandbox.user('u1')?.tags) === '{"plan":"pro"}',
  },
  ensure_segment: {
    operation: {
      type: 'ensure_segment',
      name: 'Pros',
      filters: [{ field: 'tag', key: 'plan', relation: '=', value: 'pro' }],
    },
    isApplied: (sandbox) => sandbox.segments().length === 1,
  },
  add_subscription: {
    operation: { type: 'add_subscription', user, subscription: { type: 'Email', token: 'ada@example.com' } },
    isApplied: (sandbox) => sandbox.user('u1')?.subscriptions.length === 1,
  },
  add_alias: {
    operation: { type: 'add_alias', user, alias: { label: 'crm', id: 'c1' } },
    isApplied: (sandbox) => sandbox.user('u1')?.aliases.crm === 'c1',
  },
  add_purchases: {
    operation: { type: 'add_purchases', user, purchases: [{ sku: 's1', amount: '19.98', iso: 'EUR', count: 1 }] },
    isApplied: () => undefined,
  },
  send_custom_events: {
    operation: {
      type: 'send_custom_events',
      events: [
        {
          name: 'Logged In',
          external_id: 'u1',
          properties: {},
          idempotency_key: '6c8c0d97-108b-5d8d-88d3-3bd428b0351e',
        },
      ],
    },
    isApplied: (sandbox) => sandbox.customEvents().length === 1,
  },
  delete_user: { operation: { type: 'delete_user', user }, isApplied: (sandbox) => sandbox.user('u1') === undefined },
};
const types: readonly Type[] = [
  'update_user',
  'ensure_segment',
  'add_subscription',
  'add_alias',
  'add_purchases',
  'send_custom_events',
  'delete_user',
];

const delivered = { status: 'delivered' };
const unknownUser = { status: 'skipped', reason: 'user_not_found' };
const failed = (code: string) => ({ status: 'failed', error: { code } });
const retryable = (code: string) => ({ status: 'retryable', error: { code } });
const warned = (code: string) => ({ status: 'delivered', warnings: [{ code }] });
const noSegment = { ensure_segment: warned('segment_not_created') };
/** Custom events name their users in the body, so their 404 is not about a user. */
const noPath = { ...noSegment, send_custom_events: failed('invalid_request') };

interface Row {
  fault: Fault;
  /** The outcome while the fault lasts. */
  outcome: object;
  /** The outcomes of operations that differ. */
  but?: { [Key in Type]?: object };
  /** Attempts while the fault lasts if the outcome is retryable. A final one takes one attempt. */
  attempts: 1 | 2;
  /** Whether OneSignal applied the operation, although its answer was lost. */
  applied?: true;
}

const rows: Record<string, Row> = {
  'an answer later than timeoutMs': { fault: { delayMs: 1_000 }, outcome: retryable('timeout'), attempts: 2 },
  'a connection cut before the request': { fault: { drop: 'before' }, outcome: retryable('network'), attempts: 2 },
  'a connection cut after the request': {
    fault: { drop: 'after' },
    outcome: retryable('network'),
    attempts: 2,
    applied: true,
  },
  '400': {
    fault: { status: 400, body: { errors: ['no'] } },
    outcome: failed('invalid_request'),
    but: noSegment,
    attempts: 1,
  },
  '400 with garbage': {
    fault: { status: 400, body: '<x' },
    outcome: failed('invalid_request'),
    but: noSegment,
    attempts: 1,
  },
  '401': { fault: { status: 401 }, outcome: retryable('unauthorized'), attempts: 1 },
  '403 for the key': {
    fault: { status: 403, body: { errors: ["Access denied.  Please include an 'Authorization: ...' header"] } },
    outcome: retryable('unauthorized'),
    attempts: 1,
  },
  '403 from a firewall': {
    fault: { status: 403, body: '<html>403</html>' },
    outcome: retryable('unexpected_response'),
    but: noSegment,
    attempts: 2,
  },
  '403 for one request': {
    fault: { status: 403, body: { errors: ['Forbidden'] } },
    outcome: failed('invalid_request'),
    but: noSegment,
    attempts: 1,
  },
  '403 for the plan': {
    fault: { status: 403, body: { errors: ['This API is not available for applications on your plan.'] } },
    outcome: failed('plan_refused'),
    but: noSegment,
    attempts: 1,
  },
  '404': {
    fault: { status: 404, body: { errors: [{ code: 'user-0', title: 'unknown' }] } },
    outcome: unknownUser,
    but: { ...noPath, delete_user: delivered },
    attempts: 1,
  },
  '404 without a body': {
    fault: { status: 404 },
    outcome: unknownUser,
    but: { ...noPath, delete_user: delivered },
    attempts: 1,
  },
  '404 from a proxy': {
    fault: { status: 404, body: '<html>404</html>' },
    outcome: retryable('unexpected_response'),
    but: noSegment,
    attempts: 2,
  },
  '408': { fault: { status: 408 }, outcome: retryable('timeout'), attempts: 2 },
  '409': {
    fault: { status: 409, body: { errors: ['no'] } },
    outcome: failed('conflict'),
    but: { ensure_segment: delivered, add_subscription: warned('subscription_limit') },
    attempts: 1,
  },
  '410': {
    fault: { status: 410, body: {} },
    outcome: unknownUser,
    but: { ...noPath, delete_user: delivered },
    attempts: 1,
  },
  '413': { fault: { status: 413 }, outcome: failed('invalid_request'), but: noSegment, attempts: 1 },
  '422': { fault: { status: 422 }, outcome: failed('invalid_request'), but: noSegment, attempts: 1 },
  '429 without Retry-After': { fault: { status: 429, headers: {} }, outcome: retryable('rate_limited'), attempts: 2 },
  '429 with a short Retry-After': {
    fault: { status: 429, headers: { 'retry-after': '0.05' } },
    outcome: { ...retryable('rate_limited'), retryAfterMs: 50 },
    attempts: 2,
  },
  '429 with a long Retry-After': {
    fault: { status: 429, headers: { 'retry-after': '60' } },
    outcome: { ...retryable('rate_limited'), retryAfterMs: 60_000 },
    attempts: 1,
  },
  '500': { fault: { status: 500 }, outcome: retryable('unavailable'), attempts: 2 },
  '501': { fault: { status: 501 }, outcome: failed('invalid_request'), but: noSegment, attempts: 1 },
  '502 from a proxy': {
    fault: { status: 502, body: '<html>Bad Gateway</html>' },
    outcome: retryable('unavailable'),
    attempts: 2,
  },
  '503': { fault: { status: 503 }, outcome: retryable('unavailable'), attempts: 2 },
  '503 with a long Retry-After': {
    fault: { status: 503, headers: { 'retry-after': '120' } },
    outcome: { ...retryable('unavailable'), retryAfterMs: 120_000 },
    attempts: 1,
  },
  'a redirect': {
    fault: { status: 301, headers: { location: 'https://example.com/' } },
    outcome: retryable('unexpected_response'),
    attempts: 2,
  },
  'a redirect that keeps the method': {
    fault: { status: 307, headers: { location: '/elsewhere' } },
    outcome: retryable('unexpected_response'),
    attempts: 2,
  },
  'a 200 that is not from OneSignal': {
    fault: { status: 200, body: '<html>Log in to the network</html>' },
    outcome: retryable('unexpected_response'),
    attempts: 2,
  },
  'a 200 without a body': { fault: { status: 200 }, outcome: delivered, attempts: 1 },
};

/** All requests except the read of a segment that already existed. */
const writesOf = (sandbox: Sandbox) => sandbox.requests().filter(({ method }) => method !== 'GET');

const expectedOf = (row: Row, type: Type): object => row.but?.[type] ?? row.outcome;
/** Purchases add up, so they are retried at once only if OneSignal certainly did not accept them. */
const isTriedAgain = (row: Row, type: Type) =>
  field(expectedOf(row, type), 'status') === 'retryable' &&
  (type !== 'add_purchases' || field(field(row.outcome, 'error'), 'code') === 'rate_limited');
const attemptsOf = (row: Row, type: Type) => (isTriedAgain(row, type) ? row.attempts : 1);

describe.each(transports)('over %s', (_, createTransport) => {
  async function start(type: Type, fault: Fault) {
    // Wrong on purpose: the answers of faults are not OneSignal's.
    const { sandbox, url } = await startSandbox({}, { validate: false });
    sandbox.addUser({ externalId: 'u1', tags: { old: 'x' } });
    const mend = sandbox.fail(fault);
    const { operation, isApplied } = operations[type];
    const deliver = async () => {
      // A new destination each time, so that the pause after a refused key does not matter.
      const plans = [planned([operation], { at: new Date().toISOString(), messageId: 'm1' })];
      const [outcome] = await createPlanDelivery(createTransport(url), {
        userIntervalMs: 0,
        retries: 1,
        timeoutMs: 'delayMs' in fault ? 150 : 10_000,
      })(plans);
      return outcome;
    };
    return { sandbox, mend, deliver, isApplied: () => isApplied(sandbox) };
  }

  describe.each(Object.entries(rows))('%s', (_name, row) => {
    test.each(types)('that lasts, on %s: one outcome, nothing half done, and safe to deliver again', async (type) => {
      const { sandbox, mend, deliver, isApplied } = await start(type, row.fault);
      const outcome = await deliver();
      const expected = expectedOf(row, type);
      expect(outcome).toMatchObject({ messageId: 'm1', dropped: [], ...expected });
      expect(writesOf(sandbox)).toHaveLength(attemptsOf(row, type));
      if (isApplied() !== undefined) expect(isApplied()).toBe(row.applied ?? false);

      if (outcome?.status !== 'retryable') return;
      mend();
      expect(await deliver()).toMatchObject({ status: 'delivered', applied: [type], warnings: [] });
      expect(isApplied() ?? true).toBe(true);
    });

    test.each(types.filter((type) => attemptsOf(row, type) === 2))(
      'that occurs once, on %s: only the hooks see it',
      async (type) => {
        const { sandbox, deliver, isApplied } = await start(type, { ...row.fault, times: 1 });
        expect(await deliver()).toMatchObject({ status: 'delivered', applied: [type], warnings: [] });
        expect(writesOf(sandbox)).toHaveLength(2);
        expect(isApplied() ?? true).toBe(true);
      },
    );
  });

  test.each(types.filter((type) => !['ensure_segment', 'send_custom_events', 'delete_user'].includes(type)))(
    'with missingUser retry, a user who is a 404 at first gets %s in the end',
    async (type) => {
      const { sandbox, url } = await startSandbox();
      sandbox.addUser({ externalId: 'u1', tags: { old: 'x' } });
      sandbox.fail({ status: 404, times: 2 });
      const deliver = createPlanDelivery(createTransport(url), { userIntervalMs: 0, missingUser: 'retry' });
      const plans = [planned([operations[type].operation], { at: new Date().toISOString() })];
      const statuses: (string | undefined)[] = [];
      for (let turn = 0; turn < 3; turn++) statuses.push((await deliver(plans))[0]?.status);
      expect(statuses).toEqual(['retryable', 'retryable', 'delivered']);
      expect(operations[type].isApplied(sandbox) ?? true).toBe(true);
    },
  );
});
