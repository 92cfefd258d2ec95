import { setImmediate } from 'node:timers/promises';
import {
  type Coalesced,
  coalesce,
  createDestination,
  type MappingOptions,
  type OneSignalRequest,
  type Plan,
} from 'segment-onesignal';
import type { UserSample, WayOfSending } from './user-sample.js';

/** Counts the requests of each way of sending. */
export interface RequestCounter {
  add(event: unknown, plan: Plan): Promise<void> | undefined;
  /** Call it once after the last event. */
  finish(): Promise<Readonly<Record<WayOfSending, number>>>;
}

/** Events that are merged with each other: as many as `send` delivers in one call. */
export const batchEvents = 1_000;

/** Any id will do, because nothing is sent. */
const appId = '00000000-0000-4000-8000-000000000001';

export function createRequestCounter(mapping: MappingOptions | undefined, sample: UserSample): RequestCounter {
  const counts: Record<WayOfSending, number> = { single: 0, merged: 0, unchanged: 0 };
  /** Of `unchanged`: requests for no single user, such as those that create segments. */
  let others = 0;
  let events: unknown[] = [];
  let plans: Plan[] = [];

  const count = (way: WayOfSending, user: string | undefined): void => {
    counts[way]++;
    const sampled = user === undefined ? undefined : sample.find(user);
    if (sampled !== undefined) sampled.requests[way]++;
  };
  const accepting = acceptEverything(({ path }) => {
    const user = userOfPath(path);
    if (user === undefined) others++;
    else count('unchanged', user);
  });
  // The real delivery, against a OneSignal that accepts everything at once. It gets the events of the sampled users
  // only, because it takes most of the time.
  const destination = createDestination({
    appId,
    transport: accepting,
    mapping,
    delivery: { unchanged: 'skip', requestsPerSecond: Number.POSITIVE_INFINITY, userIntervalMs: 0 },
  });
  const flush = async (): Promise<void> => {
    const [batch, planned] = [events, plans];
    events = [];
    plans = [];
    for (const merged of coalesce(planned)) count('merged', userOf(merged));
    await destination.deliver(batch);
  };
  return {
    add(event, plan) {
      for (const single of coalesce([plan])) count('single', userOf(single));
      if (isSampled(plan, sample)) events.push(event);
      plans.push(plan);
      return plans.length < batchEvents ? undefined : flush();
    },
    async finish() {
      await flush();
      let unchanged = 0;
      for (const { requests } of sample.users()) unchanged += requests.unchanged;
      return { ...counts, unchanged: others + sample.estimate(unchanged) };
    },
  };
}

function isSampled({ operations }: Plan, sample: UserSample): boolean {
  const user = operations.flatMap((operation) => ('user' in operation ? [operation.user] : []))[0];
  return user === undefined || sample.find(userKey(user.label, user.id)) !== undefined;
}

function userOf({ operation }: Coalesced): string | undefined {
  return 'user' in operation ? userKey(operation.user.label, operation.user.id) : undefined;
}

function userOfPath(path: string): string | undefined {
  const [, label, id] = /\/users\/by\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  return label === undefined || id === undefined
    ? undefined
    : userKey(decodeURIComponent(label), decodeURIComponent(id));
}

/** The key of a user in the sample. */
export function userKey(label: string, id: string): string {
  return `${label}\n${id}`;
}

function acceptEverything(onRequest: (request: OneSignalRequest) => void) {
  return {
    async send(request: OneSignalRequest) {
      onRequest(request);
      // Events of users whose answers arrive together are sent together.
      await setImmediate();
      return { status: request.method === 'POST' ? 201 : 202, headers: {}, body: {} };
    },
  };
}
