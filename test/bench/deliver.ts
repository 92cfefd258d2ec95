import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import ky from 'ky';
import { createDestination, createOneSignalTransport, type Transport, toRequest } from 'segment-onesignal';
import { createUndiciTransport } from 'segment-onesignal/undici';
import { Pool } from 'undici';
import { seededRandom } from '../seeded-random.js';
import { interleave, ratio, type Subject } from './interleave.js';
import { isSmoke, progress, report } from './program.js';

const appId = '00000000-0000-4000-8000-000000000001';
const apiKey = 'os_v2_app_bench';
const inFlight = 64;

const server = fork(fileURLToPath(new URL('trivial-server.mjs', import.meta.url)), { execArgv: [] });
const [port] = await once(server, 'message');
const baseUrl = `http://127.0.0.1:${port}`;

/** Traits that make about 1 kB of tags. Every event of the run has a different user. */
const random = seededRandom(4);
let users = 0;
const traits = () =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`trait_${index}`, `value ${random().toFixed(12)} ${'of it '.repeat(8)}`]),
  );
const nextEvents = (count: number) =>
  Array.from({ length: count }, () => ({
    type: 'identify',
    messageId: `m${users}`,
    userId: `user-${users++}`,
    timestamp: '2026-01-01T00:00:00.000Z',
    traits: sharedTraits[users % sharedTraits.length],
  }));
const sharedTraits = Array.from({ length: 100 }, traits);
const nextRequests = (count: number) =>
  nextEvents(count).map(({ userId, traits: tags = {} }) =>
    toRequest({ type: 'update_user', user: { label: 'external_id', id: userId }, tags }, appId),
  );

/** Runs a task for each item, with `inFlight` tasks at a time. */
async function eachInFlight<Item>(items: readonly Item[], task: (item: Item) => Promise<unknown>): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await task(item);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return items.length;
}

const headers = { authorization: `Key ${apiKey}` };
const bareKy = (count: number): Subject => ({
  name: 'bare ky',
  run: () =>
    eachInFlight(nextRequests(count), async ({ method, path, body }) => {
      const options = { method, headers, json: body, retry: 0, timeout: false, throwHttpErrors: false } as const;
      await (await ky(baseUrl + path, options)).json();
    }),
});
const pool = new Pool(baseUrl, { connections: inFlight, pipelining: 1 });
const barePool = (count: number): Subject => ({
  name: 'bare undici Pool',
  run: () =>
    eachInFlight(nextRequests(count), async ({ method, path, body }) => {
      const withType = { ...headers, 'content-type': 'application/json' };
      const response = await pool.request({ method, path, headers: withType, body: JSON.stringify(body) });
      await response.body.json();
    }),
});

const delivery = { requestsPerSecond: Number.POSITIVE_INFINITY, concurrency: inFlight } as const;
const destinationOn = (transport: Transport) => {
  const destination = createDestination({ appId, transport, delivery });
  const deliver = async (events: readonly unknown[]): Promise<number> => {
    const outcomes = await destination.deliver(events);
    if (outcomes.some(({ status }) => status !== 'delivered')) throw new Error('Not every event was delivered');
    return events.length;
  };
  return {
    batch: (name: string, count: number): Subject => ({ name, run: () => deliver(nextEvents(count)) }),
    singles: (name: string, count: number): Subject => ({
      name,
      run: () => eachInFlight(nextEvents(count), (event) => deliver([event])),
    }),
  };
};
const onKy = destinationOn(createOneSignalTransport({ apiKey, baseUrl }));
const undici = createUndiciTransport({ apiKey, baseUrl });
const onUndici = destinationOn(undici);

const slow = isSmoke ? 100 : 1000;
const fast = slow * 10;
progress(`${inFlight} in flight, ${slow} requests per round with ky, ${fast} with undici`);
const [ky1, ky2, ky3, pool1, pool2, pool3] = await interleave(
  [
    bareKy(slow),
    onKy.batch('deliver', slow),
    onKy.singles('single events', slow),
    barePool(fast),
    onUndici.batch('deliver', fast),
    onUndici.singles('single events', fast),
  ],
  isSmoke ? 2 : 15,
);
await Promise.all([pool.close(), undici.close()]);
server.disconnect();

const perSecond = (us = Number.NaN) => (1e6 / us).toFixed(0);
report([
  {
    what: 'deliver, default transport : bare ky',
    value: ratio(ky1, ky2),
    unit: '×',
    bar: { atLeast: 0.9 },
    detail: `${perSecond(ky2?.us)} : ${perSecond(ky1?.us)} requests per second`,
  },
  {
    what: 'one event per call, default transport : bare ky',
    value: ratio(ky1, ky3),
    unit: '×',
    detail: `${perSecond(ky3?.us)} requests per second`,
  },
  {
    what: 'deliver, undici transport : bare Pool.request',
    value: ratio(pool1, pool2),
    unit: '×',
    bar: { atLeast: 0.7 },
    detail: `${perSecond(pool2?.us)} : ${perSecond(pool1?.us)} requests per second`,
  },
  {
    what: 'one event per call, undici transport : bare Pool.request',
    value: ratio(pool1, pool3),
    unit: '×',
    detail: `${perSecond(pool3?.us)} requests per second`,
  },
  {
    what: 'deliver, undici transport : default transport',
    value: ratio(ky2, pool2),
    unit: '×',
    bar: { atLeast: 8 },
    detail: `${perSecond(pool2?.us)} : ${perSecond(ky2?.us)} requests per second`,
  },
]);
