import { expect, test } from 'vitest';
import { startLocalServer } from '../../local-server.js';
import { destinationAt } from '../destinations.js';
import { identify } from '../events.js';

/** The most requests that a server received in any second. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + 1_000).length));
}

test('requestsPerSecond holds at the server, in every second, even if this process stalls', async () => {
  const received: number[] = [];
  const server = await startLocalServer((response) => {
    received.push(performance.now());
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
  });
  const destination = destinationAt(server.url, { delivery: { requestsPerSecond: 50, order: false } });
  const delivering = destination.deliver(Array.from({ length: 160 }, (_, index) => identify(`u${index}`, { a: 1 })));
  // A busy process: timers and answers pile up, and come all at once.
  const busy = setInterval(() => {
    const until = performance.now() + 120;
    while (performance.now() < until);
  }, 300);
  expect((await delivering).every(({ status }) => status === 'delivered')).toBe(true);
  clearInterval(busy);
  expect(mostInASecond(received)).toBeLessThanOrEqual(50);
});

test('a user is not written to twice within a second, even if the first connection is slow to open', async () => {
  const received: number[] = [];
  const server = await startLocalServer((response) => {
    received.push(performance.now());
    setTimeout(() => response.writeHead(202, { 'content-type': 'application/json' }).end('{}'), 300);
  });
  const destination = destinationAt(server.url, { delivery: { userIntervalMs: 1_000 } });
  for (let index = 0; index < 3; index++) await destination.deliver([identify('u1', { [`t${index}`]: index })]);
  for (const [index, time] of received.slice(1).entries())
    expect(time - (received[index] ?? time)).toBeGreaterThanOrEqual(1_000);
});
