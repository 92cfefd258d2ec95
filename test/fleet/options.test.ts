import { describe, expect, test } from 'vitest';
import { createDestination } from '../../src/create-destination.js';
import {
  createFleetReceiver,
  createFleetWorker,
  readDeadLetters,
  redeliverDeadLetters,
} from '../../src/fleet/index.js';

const connection = { evalSha: async () => null, eval: async () => null, info: async () => '' };
const destination = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' };
/** Calls as JavaScript code does, where no compiler checks the arguments. */
const refusalOf = (create: (options: never) => unknown, options: unknown): unknown => {
  try {
    return Reflect.apply(create, undefined, [options]);
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown;
  }
};

test.each<[unknown, string]>([
  [{}, '"connection" must be a client of ioredis 5 or newer, or of node-redis 4 or newer.'],
  [
    { connection: 'redis://127.0.0.1' },
    '"connection" must be a client of ioredis 5 or newer, or of node-redis 4 or newer.',
  ],
  [{ connection, queue: '' }, '"queue" must be a non-empty string without braces.'],
  [{ connection, queue: '{a}' }, '"queue" must be a non-empty string without braces.'],
  [{ connection, queu: 'a' }, 'Unknown option "queu". Did you mean "queue"?'],
  [undefined, '"options" must be an object.'],
])('both ends of a fleet refuse %j', (options, message) => {
  expect(refusalOf(createFleetReceiver, options)).toBe(`ConfigurationError: ${message}`);
  expect(
    refusalOf(createFleetWorker, Object(options) === options ? { destination, ...Object(options) } : options),
  ).toBe(`ConfigurationError: ${message}`);
});

describe('a worker refuses', () => {
  test.each<[object, string]>([
    [{ leaseMs: 500 }, '"leaseMs" must be an integer ≥ 1000.'],
    [{ maxInFlight: 0 }, '"maxInFlight" must be an integer ≥ 1.'],
    [{ strict: 'yes' }, '"strict" must be true or false.'],
    [{ destination: undefined }, '"destination" is missing. Pass the options of createDestination.'],
    [{ destination: 'os_v2_app_key' }, '"destination" is missing. Pass the options of createDestination.'],
    [
      { destination: { ...destination, delivery: { order: false } } },
      'A fleet needs the order guard. Remove "delivery.order: false".',
    ],
    [
      { destination: createDestination(destination) },
      '"destination" is a destination. Pass the options of createDestination instead.',
    ],
  ])('%j', (options, message) => {
    expect(refusalOf(createFleetWorker, { connection, destination, ...options })).toBe(
      `ConfigurationError: ${message}`,
    );
  });
});

test.each<[object, string, string]>([
  [
    { appId: '' },
    'destination.appId',
    '"destination.appId" is missing. Copy the App ID from the OneSignal dashboard (Settings > Keys & IDs).',
  ],
  [
    { mapping: { tagLimit: -1 } },
    'destination.mapping.tagLimit',
    '"destination.mapping.tagLimit" must be an integer ≥ 0.',
  ],
  [
    { mapping: { tagLimt: 1 } },
    'destination.mapping.tagLimt',
    'Unknown option "destination.mapping.tagLimt". Did you mean "tagLimit"?',
  ],
  [
    { delivery: { order: false } },
    'destination.delivery.order',
    'A fleet needs the order guard. Remove "delivery.order: false".',
  ],
])('a worker names an option of its destination by its full path: %j', (options, option, message) => {
  const create = () =>
    Reflect.apply(createFleetWorker, undefined, [{ connection, destination: { ...destination, ...options } }]);
  expect(create).toThrow(expect.objectContaining({ name: 'ConfigurationError', option, message }));
});

test.each<[string, (options: never) => unknown, object, string, string]>([
  ['readDeadLetters', readDeadLetters, { after: 5 }, 'after', '"after" must be the id of a dead letter.'],
  ['readDeadLetters', readDeadLetters, { after: 'm1' }, 'after', '"after" must be the id of a dead letter.'],
  ['readDeadLetters', readDeadLetters, { count: 0 }, 'count', '"count" must be an integer ≥ 1.'],
  ['redeliverDeadLetters', redeliverDeadLetters, {}, 'ids', '"ids" must be an array of strings.'],
  ['redeliverDeadLetters', redeliverDeadLetters, { ids: '1-0' }, 'ids', '"ids" must be an array of strings.'],
  ['redeliverDeadLetters', redeliverDeadLetters, { ids: [1] }, 'ids.0', '"ids.0" must be the id of a dead letter.'],
  [
    'redeliverDeadLetters',
    redeliverDeadLetters,
    { ids: ['1-0', ''] },
    'ids.1',
    '"ids.1" must be the id of a dead letter.',
  ],
])('%s refuses wrong options: %#', async (_, read, options, option, message) => {
  await expect(Reflect.apply(read, undefined, [{ connection, ...options }])).rejects.toThrow(
    expect.objectContaining({ name: 'ConfigurationError', option, message }),
  );
});
