import { createDestination, type DeliveryOptions, type Transport } from 'segment-onesignal';
import { isSmoke } from './program.js';

export const calls = isSmoke ? 20_000 : 1_000_000;
export const users = isSmoke ? 4_000 : 200_000;
export const inFlight = 1_000;

/** Does nothing, so that the measurement covers the memory of delivery and not the buffers of an HTTP client. */
const transport: Transport = {
  send: () =>
    new Promise((resolve) => {
      setImmediate(() => resolve({ status: 202, headers: {}, body: {} }));
    }),
};

/**
 * Makes calls of one event each, with `inFlight` of them at a time.
 *
 * @param onSample - Called twenty times, at equal intervals.
 */
export async function makeCalls(delivery: DeliveryOptions, onSample: (done: number) => void): Promise<void> {
  const limits = { concurrency: inFlight, requestsPerSecond: Number.POSITIVE_INFINITY };
  const appId = '00000000-0000-4000-8000-000000000001';
  const destination = createDestination({ appId, transport, delivery: { ...limits, ...delivery } });
  const startedAt = Date.now();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < calls; index = next++) {
      const [outcome] = await destination.deliver([eventOf(index, startedAt)]);
      if (outcome.status !== 'delivered') throw new Error(`An event was not delivered: ${outcome.status}`);
      if (++done % (calls / 20) === 0) onSample(done);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

const eventOf = (index: number, startedAt: number) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: `m${index}`,
  // Users take turns, so no write has to wait for the interval between a user's writes.
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
