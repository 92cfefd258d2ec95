import { Analytics, type AnalyticsSettings } from '@segment/analytics-node';
import { afterEach, expect, test } from 'vitest';
import { createDestination, createOneSignalTransport, type Outcome } from '../../src/index.js';
import { createWebhookHandler } from '../../src/webhook/index.js';
import { startSandbox } from '../sandbox-server.js';
import { appId, type Handler } from './receiver.js';
import { serve } from './serve.js';

const writeKey = 'a key of our own';
const clients: Analytics[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.closeAndFlush({ timeout: 1 });
});

/**
 * Segment's own client with a receiver as its host. Records the statuses it received and the errors it reported when it
 * gave up.
 */
function createClient(host: string, settings: Partial<AnalyticsSettings> = {}) {
  const analytics = new Analytics({ writeKey, host, ...settings });
  clients.push(analytics);
  const statuses: number[] = [];
  const errors: unknown[] = [];
  analytics.on('http_response', ({ status }) => void statuses.push(status));
  analytics.on('error', (error) => void errors.push(error));
  return { analytics, statuses, errors };
}

/** A receiver whose destination delivers to a sandbox over HTTP. Records the outcomes of each event. */
async function startReceiver() {
  const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
  const outcomes = new Map<string, Outcome['status'][]>();
  const create = (): Handler =>
    createWebhookHandler(
      createDestination({
        appId,
        transport: createOneSignalTransport({ apiKey: 'key', baseUrl: url }),
        hooks: {
          onOutcome({ messageId = '', status }) {
            outcomes.set(messageId, [...(outcomes.get(messageId) ?? []), status]);
          },
        },
      }),
      { writeKeys: [writeKey] },
    );
  return { sandbox, outcomes, create, receiver: await serve(create()) };
}

test('each call of the client has its outcome', async () => {
  const { sandbox, outcomes, receiver } = await startReceiver();
  const { analytics, statuses, errors } = createClient(`${receiver.url}/segment`);
  const userId = 'u1';
  analytics.identify({ userId, messageId: 'identify', traits: { firstName: 'Ada', plan: 'pro' } });
  analytics.track({ userId, messageId: 'track', event: 'Plan Changed', properties: { plan: 'team', seats: 5 } });
  analytics.page({ userId, messageId: 'page', name: 'Home' });
  analytics.screen({ userId, messageId: 'screen', name: 'Home' });
  analytics.group({ userId, messageId: 'group', groupId: 'g1', traits: { size: 3 } });
  analytics.alias({ userId, messageId: 'alias', previousId: 'u0' });
  await analytics.closeAndFlush();

  expect(errors).toEqual([]);
  expect(statuses).toEqual([200]);
  expect(Object.fromEntries(outcomes)).toEqual({
    identify: ['delivered'],
    track: ['delivered'],
    page: ['skipped'],
    screen: ['skipped'],
    group: ['skipped'],
    alias: ['skipped'],
  });
  expect(sandbox.user(userId)?.tags).toEqual({ first_name: 'Ada', plan: 'team', seats: '5' });
});

test('with hundreds of events at once, each has one outcome and each user ends up with the newest values', async () => {
  const { sandbox, outcomes, receiver } = await startReceiver();
  const { analytics, errors } = createClient(receiver.url, { flushAt: 25 });
  const users = Array.from({ length: 40 }, (_, index) => `u${index}`);
  const start = Date.now() - 60_000;
  for (let round = 0; round < 10; round += 1) {
    for (const userId of users) {
      const timestamp = new Date(start + round * 1_000);
      analytics.identify({
        userId,
        messageId: `${userId}-${round}`,
        timestamp,
        traits: { round, [`r${round}`]: true },
      });
    }
  }
  await analytics.closeAndFlush();

  expect(errors).toEqual([]);
  expect(outcomes.size).toBe(400);
  expect(new Set([...outcomes.values()].map(String))).toEqual(new Set(['delivered']));
  const rounds = Object.fromEntries(Array.from({ length: 10 }, (_, round) => [`r${round}`, 'true']));
  for (const userId of users) expect(sandbox.user(userId)?.tags).toEqual({ round: '9', ...rounds });
});

test('the client retries after a 503 until the event is delivered', async () => {
  const { sandbox, outcomes, receiver } = await startReceiver();
  sandbox.fail({ status: 429, headers: { 'retry-after': '60' }, times: 1 });
  const { analytics, statuses, errors } = createClient(receiver.url);
  analytics.identify({ userId: 'u1', messageId: 'm1', traits: { plan: 'pro' } });
  await analytics.closeAndFlush();

  expect(errors).toEqual([]);
  expect(statuses).toEqual([503, 200]);
  expect(outcomes.get('m1')).toEqual(['retryable', 'delivered']);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});

test('nothing is lost when the receiver stops halfway and comes back', async () => {
  const { sandbox, outcomes, create, receiver } = await startReceiver();
  const { analytics, errors } = createClient(receiver.url, { flushAt: 5, maxRetries: 10 });
  const identify = (from: number) => {
    for (let index = from; index < from + 50; index += 1) {
      analytics.identify({ userId: `u${index}`, messageId: `m${index}`, traits: { index } });
    }
  };
  sandbox.fail({ delayMs: 100 });
  identify(0);
  while (sandbox.requests().length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
  await receiver.close();
  identify(50);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await serve(create(), receiver.port);
  await analytics.closeAndFlush();

  expect(errors).toEqual([]);
  for (let index = 0; index < 100; index += 1) {
    expect(outcomes.get(`m${index}`)?.at(-1)).toBe('delivered');
    expect(sandbox.user(`u${index}`)?.tags).toEqual({ index: String(index) });
  }
});

test('with another write key nothing arrives, and the client reports an error', async () => {
  const { sandbox, receiver } = await startReceiver();
  const { analytics, statuses, errors } = createClient(receiver.url, { writeKey: "a source's" });
  analytics.identify({ userId: 'u1', traits: { plan: 'pro' } });
  await analytics.closeAndFlush();
  expect(statuses).toEqual([401]);
  expect(errors).toHaveLength(1);
  expect(sandbox.requests()).toEqual([]);
});
