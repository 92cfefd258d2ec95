import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OneSignalRequest } from '../../src/index.js';
import { startSandbox } from '../sandbox-server.js';
import { at, destinationAt, destinationOn, identify, scripted } from './harness.js';

const tagsOf = ({ body }: OneSignalRequest): Record<string, unknown> =>
  Object(Reflect.get(Object(Reflect.get(Object(body), 'properties')), 'tags'));

test('one input that OneSignal refuses fails alone; its neighbours of the same user are delivered', async () => {
  const { sandbox, url } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  sandbox.fail({
    status: 400,
    body: { errors: ['tags.bad is not allowed'] },
    when: (request) => 'bad' in tagsOf(request),
  });
  const outcomes = await destinationAt(url).deliver(
    Array.from({ length: 7 }, (_, index) =>
      identify('u1', index === 4 ? { bad: 1 } : { [`t${index}`]: index, last: index }, { timestamp: at(index) }),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual([
    'delivered',
    'delivered',
    'delivered',
    'delivered',
    'failed',
    'delivered',
    'delivered',
  ]);
  expect(outcomes[4]).toMatchObject({
    error: { code: 'invalid_request', status: 400, reasons: ['tags.bad is not allowed'] },
    applied: [],
  });
  expect(sandbox.user('u1')?.tags).toEqual({ t0: '0', t1: '1', t2: '2', t3: '3', t5: '5', t6: '6', last: '6' });
});

test('whoever is refused, only they fail, and the tags are those of the others, one by one in order of time', async () => {
  const event = fc.record({ second: fc.nat(5), isBad: fc.boolean(), key: fc.constantFrom('a', 'b', 'c') });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 10 }), async (events) => {
      const stored = new Map<string, unknown>();
      const transport = scripted((request) => {
        const tags = tagsOf(request);
        if (Object.keys(tags).some((key) => key.startsWith('bad'))) return { status: 400, body: { errors: ['bad'] } };
        for (const [key, value] of Object.entries(tags)) stored.set(key, value);
        return { status: 202 };
      });
      const outcomes = await destinationOn(transport, { delivery: { order: false } }).deliver(
        events.map(({ second, isBad, key }, index) =>
          identify('u1', { [key]: index, ...(isBad ? { [`bad${index}`]: 1 } : {}) }, { timestamp: at(second) }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(events.map(({ isBad }) => (isBad ? 'failed' : 'delivered')));
      const accepted = events.map((one, index) => ({ ...one, index })).filter(({ isBad }) => !isBad);
      const expected = new Map<string, string>();
      for (const { key, index } of accepted.sort((a, b) => a.second - b.second)) expected.set(key, String(index));
      expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(expected));
    }),
  );
});

test('an input that needs two requests fails where one of them is refused, and tells what was applied', async () => {
  const transport = scripted((request) => ({ status: 't100' in tagsOf(request) ? 400 : 202 }));
  const traits = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, index]));
  const [split, other] = await destinationOn(transport).deliver([
    identify('u1', traits, { timestamp: at(1) }),
    identify('u1', { t0: 'later' }, { timestamp: at(2) }),
  ]);
  expect(split).toMatchObject({ status: 'failed', applied: ['update_user'], error: { status: 400 } });
  expect(other).toMatchObject({ status: 'delivered', applied: ['update_user'] });
});

test('an input that needs two requests is retryable where one of them is, and the other is not sent again', async () => {
  const transport = scripted((request) => ({ status: 't0' in tagsOf(request) ? 503 : 202 }));
  const traits = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, index]));
  const destination = destinationOn(transport, { delivery: { retries: 0 } });
  expect(await destination.deliver([identify('u1', traits)])).toMatchObject([
    { status: 'retryable', applied: [], error: { status: 503 } },
  ]);
  expect(transport.requests).toHaveLength(1);
});
