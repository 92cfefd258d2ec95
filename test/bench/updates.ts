import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createDestination, type OneSignalRequest, type Transport, toRequest } from 'segment-onesignal';
import { seededRandom } from '../seeded-random.js';
import type { Subject } from './interleave.js';

/** The requests that are sent to a server in another process. Each updates the tags of a different user. */

export const appId = '00000000-0000-4000-8000-000000000001';
export const apiKey = 'os_v2_app_bench';
export const inFlight = 64;

/** Starts a server on the loopback interface that accepts everything. */
export async function startServer(): Promise<{ baseUrl: string; close(): void }> {
  const server = fork(fileURLToPath(new URL('trivial-server.mjs', import.meta.url)), { execArgv: [] });
  const [port] = await once(server, 'message');
  return { baseUrl: `http://127.0.0.1:${port}`, close: () => server.disconnect() };
}

/** An update of a user's tags. */
export interface Update {
  userId: string;
  tags: Record<string, string>;
}

const random = seededRandom(4);
/** About 1 kB each. */
const sharedTags = Array.from({ length: 100 }, () =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`trait_${index}`, `value ${random().toFixed(12)} ${'of it '.repeat(8)}`]),
  ),
);
let users = 0;
export const nextUpdates = (count: number): Update[] =>
  Array.from({ length: count }, () => ({
    userId: `user-${users++}`,
    tags: sharedTags[users % sharedTags.length] ?? {},
  }));

/** Measures `send` over updates of new users, with `inFlight` of them at a time. `inputOf` is not measured. */
export function eachInFlight<Input>(
  name: string,
  count: number,
  inputOf: (update: Update) => Input,
  send: (input: Input) => Promise<unknown>,
): Subject {
  let inputs: Input[] = [];
  return {
    name,
    prepare() {
      inputs = nextUpdates(count).map(inputOf);
    },
    async run() {
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let input = inputs[next++]; input !== undefined; input = inputs[next++]) await send(input);
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
      return count;
    },
  };
}

export const requestOf = ({ userId, tags }: Update): OneSignalRequest =>
  toRequest({ type: 'update_user', user: { label: 'external_id', id: userId }, tags }, appId);

const eventOf = ({ userId, tags }: Update): unknown => ({
  type: 'identify',
  messageId: `m-${userId}`,
  userId,
  timestamp: '2026-01-01T00:00:00.000Z',
  traits: tags,
});

/** Measures delivery through a transport, either in one call or in one call per event. */
export function deliveryOn(
  transport: Transport,
): Record<'batch' | 'singles', (name: string, count: number) => Subject> {
  const delivery = { requestsPerSecond: Number.POSITIVE_INFINITY, concurrency: inFlight } as const;
  const destination = createDestination({ appId, transport, delivery });
  const deliver = async (events: readonly unknown[]): Promise<number> => {
    const outcomes = await destination.deliver(events);
    if (outcomes.some(({ status }) => status !== 'delivered')) throw new Error('Not every event was delivered');
    return events.length;
  };
  return {
    batch(name, count) {
      let events: unknown[] = [];
      return {
        name,
        prepare() {
          events = nextUpdates(count).map(eventOf);
        },
        run: () => deliver(events),
      };
    },
    singles: (name, count) => eachInFlight(name, count, eventOf, (event) => deliver([event])),
  };
}
