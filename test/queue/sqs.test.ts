import { expect, test } from 'vitest';
import type { Deliverer, DeliverOptions } from '../../src/pipeline.js';
import { createSqsHandler, type SqsRecord } from '../../src/queue/sqs.js';
import { forgetful, identify, startDestination } from './start-destination.js';

const record = (messageId: string, body: unknown, group?: string): SqsRecord => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: { MessageGroupId: group },
});
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

test('delivered and skipped messages are done; a message holds one event or several', async () => {
  const { sandbox, destination } = await startDestination();
  const Records = [
    record('one', identify('u1', { plan: 'pro' })),
    record('several', [identify('u2', { plan: 'pro' }), identify('u3', { plan: 'pro' })]),
    record('skipped', { type: 'page', userId: 'u1' }),
    record('none', []),
  ];
  expect(await createSqsHandler(destination)({ Records })).toEqual(failures());
  expect(sandbox.users().map(({ externalId }) => externalId)).toEqual(['u1', 'u2', 'u3']);
});

test('a batch is delivered in one call: a user’s messages become one request', async () => {
  const { sandbox, destination } = await startDestination();
  const Records = [1, 2, 3].map((n) => record(`m${n}`, identify('u1', { [`a${n}`]: n })));
  await createSqsHandler(destination)({ Records });
  expect(sandbox.requests()).toHaveLength(1);
});

test('a retryable message is kept, and the others are done', async () => {
  const { sandbox, destination } = await startDestination();
  sandbox.fail({ status: 503, when: ({ path }) => path.endsWith('/down') });
  const Records = ['u1', 'down', 'u2'].map((user) => record(user, identify(user, { plan: 'pro' })));
  expect(await createSqsHandler(destination)({ Records })).toEqual(failures('down'));
});

test('a message that failed is kept too, so that the redrive policy dead-letters it', async () => {
  const { sandbox, destination } = await startDestination();
  sandbox.fail({ status: 400, when: ({ path }) => path.endsWith('/refused') });
  const Records = [
    record('no JSON', '{"type":'),
    record('empty', ''),
    record('no event', '"text"'),
    record('refused', identify('refused', { plan: 'pro' })),
    record('fine', identify('u1', { plan: 'pro' })),
  ];
  const answer = await createSqsHandler(destination)({ Records });
  expect(answer).toEqual(failures('no JSON', 'empty', 'no event', 'refused'));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});

test('in a FIFO queue, a retryable message holds back the later ones of its group, but no other group', async () => {
  const { sandbox, destination } = await startDestination();
  sandbox.fail({ status: 503, when: ({ path }) => path.endsWith('/down') });
  const Records = [
    record('a1', identify('u1', { plan: 'pro' }), 'a'),
    record('a2', identify('down', { plan: 'pro' }), 'a'),
    record('b1', identify('u2', { plan: 'pro' }), 'b'),
    record('a3', identify('u1', { plan: 'free' }), 'a'),
    record('b2', identify('u2', { plan: 'free' }), 'b'),
  ];
  expect(await createSqsHandler(destination)({ Records })).toEqual(failures('a2', 'a3'));
});

test('in a FIFO queue, a failed message does not hold back the rest of its group', async () => {
  const { destination } = await startDestination();
  const Records = [record('a1', 'no JSON', 'a'), record('a2', identify('u1', { plan: 'pro' }), 'a')];
  expect(await createSqsHandler(destination)({ Records })).toEqual(failures('a1'));
});

test('a FIFO group that is redelivered ends in the state that its order implies', async () => {
  const { sandbox, destination } = await startDestination({ order: false });
  const undo = sandbox.fail({ status: 503, times: 1 });
  const handler = createSqsHandler(destination);
  const Records = [
    record('a1', [identify('u1', { plan: 'old' }), identify('u2', { plan: 'old' })], 'a'),
    record('a2', [identify('u1', { plan: 'new' }), identify('u2', { plan: 'new' })], 'a'),
  ];
  const { batchItemFailures } = await handler({ Records });
  undo();
  const kept = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  expect(kept).toEqual(['a1', 'a2']);
  expect(await handler({ Records: Records.filter(({ messageId }) => kept.includes(messageId)) })).toEqual(failures());
  expect(sandbox.users().map(({ tags }) => tags)).toEqual([{ plan: 'new' }, { plan: 'new' }]);
});

test('messages that do not fit into the function’s time are kept', async () => {
  const { sandbox, destination } = await startDestination();
  sandbox.fail({ delayMs: 60_000, when: ({ path }) => path.endsWith('/slow') });
  const Records = ['slow', 'u1'].map((user) => record(user, identify(user, { plan: 'pro' })));
  const context = { getRemainingTimeInMillis: () => 1_100 };
  expect(await createSqsHandler(destination)({ Records }, context)).toEqual(failures('slow'));
});

test('a second of the function’s time is reserved for the answer, and the deadline is at least 1 ms', async () => {
  const given: (DeliverOptions | undefined)[] = [];
  const destination: Deliverer = {
    deliver: async (_inputs, options) => {
      given.push(options);
      return [];
    },
  };
  for (const remaining of [30_000, 1_000, 0])
    await createSqsHandler(destination)({ Records: [] }, { getRemainingTimeInMillis: () => remaining });
  expect(given.map((options) => options?.deadlineMs)).toEqual([29_000, 1, 1]);
});

test('if the destination forgets an event, the whole batch returns, so no event is lost', async () => {
  const Records = ['u1', 'u2'].map((user) => record(user, identify(user, { plan: 'pro' })));
  await expect(createSqsHandler(forgetful)({ Records })).rejects.toThrow('fewer outcomes');
});
