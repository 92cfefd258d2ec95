import { createDestination, type Transport } from 'segment-onesignal';
import { isSmoke, progress, report } from './program.js';

const appId = '00000000-0000-4000-8000-000000000001';
const calls = isSmoke ? 20_000 : 1_000_000;
const users = isSmoke ? 4_000 : 200_000;
const inFlight = 1_000;
const sampleEvery = calls / 20;

/** Does nothing, so that the measurement covers the memory of delivery and not the buffers of an HTTP client. */
const transport: Transport = {
  send: () =>
    new Promise((resolve) => {
      setImmediate(() => resolve({ status: 202, headers: {}, body: {} }));
    }),
};
const delivery = { concurrency: inFlight, requestsPerSecond: Number.POSITIVE_INFINITY } as const;
const destination = createDestination({ appId, transport, delivery });

const startedAt = Date.now();
const eventOf = (index: number) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: `m${index}`,
  // Users take turns, so that no write has to wait for the interval between a user's writes.
  userId: `user-${index % users}`,
  timestamp: new Date(startedAt + index).toISOString(),
  properties: {
    plan: `plan ${index % 7}`,
    seats: index % 100,
    city: `city ${index % 1000}`,
    note: null,
    products: [{}],
  },
});

const residentMb = (): number => process.memoryUsage.rss() / 1e6;
const samples: number[] = [];
let next = 0;
let done = 0;
const worker = async (): Promise<void> => {
  for (let index = next++; index < calls; index = next++) {
    const [outcome] = await destination.deliver([eventOf(index)]);
    if (outcome.status !== 'delivered') throw new Error(`An event was not delivered: ${outcome.status}`);
    if (++done % sampleEvery === 0) {
      samples.push(residentMb());
      if (samples.length % 5 === 0) progress(`${done} calls, ${residentMb().toFixed(0)} MB`);
    }
  }
};
const emptyMb = residentMb();
await Promise.all(Array.from({ length: inFlight }, worker));
const seconds = (Date.now() - startedAt) / 1000;

/** During the first tenth, the bounded memory of the order guard fills up. */
const [, afterFirstTenth = Number.NaN, ...rest] = samples;
const largest = Math.max(...rest);
report([
  {
    what: `peak resident memory, ${calls} calls for ${users} users`,
    value: largest,
    unit: 'MB',
    bar: { atMost: 250 },
    detail: `${emptyMb.toFixed(0)} MB before, ${inFlight} in flight, ${(calls / seconds).toFixed(0)} calls per second`,
  },
  {
    what: 'peak resident memory : after the first tenth',
    value: largest / afterFirstTenth,
    unit: '×',
    bar: { atMost: 1.1 },
    detail: [afterFirstTenth, ...rest].map((mb) => mb.toFixed(0)).join(' '),
  },
]);
