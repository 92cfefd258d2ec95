import { createDestination, type DeliveryOptions, type Transport } from 'segment-onesignal';
import type { Figure } from './figure.js';
import { isSmoke, progress, report } from './program.js';
import { eventStream, take, zipfUsers } from './stream.js';

const appId = '00000000-0000-4000-8000-000000000001';
const users = 10_000;
const latencyMs = 50;

/** A OneSignal that accepts every request after `delayMs`, and counts them. */
function counting(delayMs: number): Transport & { requests(): number } {
  let requests = 0;
  return {
    requests: () => requests,
    async send() {
      requests++;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return { status: 202, headers: {}, body: {} };
    },
  };
}

const events = (count: number): unknown[] =>
  take(eventStream(3, zipfUsers(users)), count).map((text): unknown => JSON.parse(text));
const start = (delayMs: number, delivery: DeliveryOptions) => {
  const transport = counting(delayMs);
  return { transport, destination: createDestination({ appId, transport, delivery }) };
};
const figures: Figure[] = [];

for (const size of [1, 20, 100, 1000]) {
  progress(`batches of ${size}`);
  const all = events(isSmoke ? 2_000 : 20_000);
  // One batch after the other and without an interval between a user's writes, to show what batching alone saves.
  const { transport, destination } = start(0, { requestsPerSecond: Number.POSITIVE_INFINITY, userIntervalMs: 0 });
  for (let at = 0; at < all.length; at += size) await destination.deliver(all.slice(at, at + size));
  const value = transport.requests() / all.length;
  figures.push({ what: `deliver in batches of ${size}, one after another`, value, unit: 'requests/event' });
}

for (const perSecond of [200, 1000, 5000]) {
  const seconds = isSmoke ? 0.3 : 10;
  progress(`single events, ${perSecond} per second, for ${seconds} s`);
  const all = events(perSecond * seconds);
  const { transport, destination } = start(latencyMs, {});
  const delivered: Promise<unknown>[] = [];
  const startedAt = performance.now();
  while (delivered.length < all.length) {
    const due = Math.min(all.length, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    while (delivered.length < due) delivered.push(destination.deliver([all[delivered.length]]));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(delivered);
  const value = transport.requests() / all.length;
  const secondsAfterLast = ((performance.now() - startedAt) / 1000 - seconds).toFixed(1);
  const detail = `per-user queues; answers take ${latencyMs} ms; done ${secondsAfterLast} s after the last event`;
  figures.push({ what: `single events, ${perSecond} per second`, value, unit: 'requests/event', detail });
}
report(figures);
