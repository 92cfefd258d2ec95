import { expect, test } from 'vitest';
import { type CloudflareRetry, createCloudflareQueueHandler } from '../../src/queue/cloudflare-queues.js';
import { asking, forgetful, identify, startDestination } from './start-destination.js';

/** A batch that records how its messages were settled. Tests in workerd are in test/miniflare. */
function batchOf(bodies: readonly unknown[]) {
  const results: string[] = bodies.map(() => 'forgotten');
  const messages = bodies.map((body, index) => ({
    body,
    ack: () => {
      results[index] = 'ack';
    },
    retry: (options?: CloudflareRetry) => {
      results[index] = options === undefined ? 'retry' : `retry in ${options.delaySeconds} s`;
    },
  }));
  return { batch: { messages }, results };
}

test('delivered and skipped messages are acked; a message holds one event or several', async () => {
  const { sandbox, destination } = await startDestination();
  const { batch, results } = batchOf([
    identify('u1', { plan: 'pro' }),
    [identify('u2', { plan: 'pro' }), identify('u1', { size: 'xl' })],
    { type: 'page', userId: 'u1' },
    [],
  ]);
  await createCloudflareQueueHandler(destination)(batch);
  expect(results).toEqual(['ack', 'ack', 'ack', 'ack']);
  expect(sandbox.requests()).toHaveLength(2);
});

test('a retryable message waits for as long as OneSignal asked, in whole seconds and at most 12 hours', async () => {
  const { sandbox, destination } = await startDestination();
  const asks = (user: string, seconds: string) =>
    sandbox.fail({ status: 429, headers: { 'retry-after': seconds }, when: ({ path }) => path.endsWith(user) });
  asks('/short', '90');
  asks('/shorter', '7');
  asks('/long', '100000');
  sandbox.fail({ status: 503, when: ({ path }) => path.endsWith('/down') });
  const event = (user: string) => identify(user, { plan: 'pro' });
  const { batch, results } = batchOf([[event('shorter'), event('short')], event('long'), event('down'), event('u1')]);
  await createCloudflareQueueHandler(destination)(batch);
  expect(results).toEqual(['retry in 90 s', 'retry in 43200 s', 'retry', 'ack']);
});

test('a message that failed is retried until Cloudflare dead-letters it', async () => {
  const { destination } = await startDestination();
  const { batch, results } = batchOf(['no event', identify('u1', { plan: 'pro' })]);
  await createCloudflareQueueHandler(destination)(batch);
  expect(results).toEqual(['retry', 'ack']);
});

test('a retryable event in a message outweighs a failed one: the whole message is retried', async () => {
  const { sandbox, destination } = await startDestination();
  sandbox.fail({ status: 429, headers: { 'retry-after': '5' } });
  const { batch, results } = batchOf([['no event', identify('u1', { plan: 'pro' })]]);
  await createCloudflareQueueHandler(destination)(batch);
  expect(results).toEqual(['retry in 5 s']);
});

test('a wait is at least a second, so that a message does not return in a loop', async () => {
  const { batch, results } = batchOf([0, -5_000, 1, 1_000, 1_001, Number.POSITIVE_INFINITY, Number.NaN]);
  await createCloudflareQueueHandler(asking)(batch);
  expect(results).toEqual([
    'retry in 1 s',
    'retry in 1 s',
    'retry in 1 s',
    'retry in 1 s',
    'retry in 2 s',
    'retry in 43200 s',
    'retry',
  ]);
});

test('if the destination forgets an event, no message is settled, so none is lost', async () => {
  const { batch, results } = batchOf([identify('u1', {}), identify('u2', {})]);
  await expect(createCloudflareQueueHandler(forgetful)(batch)).rejects.toThrow('fewer outcomes');
  expect(results).toEqual(['forgotten', 'forgotten']);
});
