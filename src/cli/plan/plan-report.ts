import type { MappingOptions, Operation, Plan } from 'segment-onesignal';
import { createOtherOperationsCounter, type OtherOperations } from './other-operations.js';
import { createRequestCounter, userKey } from './request-counter.js';
import { createTagKeys, type TagKey } from './tag-keys.js';
import { type Occurrence, Tally } from './tally.js';
import { createUserSample, type WayOfSending } from './user-sample.js';

/** What a lot of events would do to an account. */
export interface PlanSummary {
  readonly events: number;
  /** Number of events by type and status. */
  readonly types: ReadonlyMap<string, Readonly<Record<Plan['status'], number>>>;
  readonly skipped: readonly [string, Occurrence][];
  readonly failed: readonly [string, Occurrence][];
  readonly dropped: readonly [string, Occurrence][];
  readonly tags: readonly (TagKey & { readonly users: number })[];
  readonly hasMoreTags: boolean;
  readonly others: readonly OtherOperations[];
  readonly users: number;
  /** Users with more tags than the limit. */
  readonly usersOverLimit: number;
  /** The largest number of tags of a user. */
  readonly mostTags: number;
  /** Whether numbers of users are counted, not estimated. */
  readonly isExact: boolean;
  /** Requests, and the time that they take at OneSignal's limits, in seconds. */
  readonly requests: Readonly<Record<WayOfSending, { readonly count: number; readonly seconds: number }>>;
}

/** Gathers a summary in bounded memory. */
export interface PlanReport {
  /** Await the promise, if there is one. */
  add(event: unknown, plan: Plan, place: string): Promise<void> | undefined;
  /** A part of the archive that is not JSON. */
  addUnreadable(problem: string, place: string): void;
  finish(): Promise<PlanSummary>;
}

const requestsPerSecond = 1_000;
const types = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete'];

export function createPlanReport(mapping: MappingOptions | undefined, tagLimit: number | undefined): PlanReport {
  const sample = createUserSample();
  const tagKeys = createTagKeys();
  const others = createOtherOperationsCounter();
  const requests = createRequestCounter(mapping, sample);
  const counts = new Map<string, Record<Plan['status'], number>>();
  const [skipped, failed, dropped] = [new Tally(), new Tally(), new Tally()];
  /** By problem: a damaged file must not hide behind a line that is not JSON. */
  const unreadable = new Tally();
  let events = 0;
  const count = (type: string, status: Plan['status']): void => {
    events++;
    const known = counts.get(type) ?? { planned: 0, skipped: 0, failed: 0 };
    known[status]++;
    counts.set(type, known);
  };
  const addOperation = (operation: Operation): void => {
    others.add(operation);
    if (!('user' in operation)) return;
    const user = sample.find(userKey(operation.user.label, operation.user.id));
    if (operation.type === 'update_user') tagKeys.add(operation, user);
    if (operation.type === 'delete_user' && user !== undefined) user.tags = '';
  };
  return {
    add(event, plan, place) {
      count(typeOf(event), plan.status);
      if (plan.status === 'skipped') skipped.add(plan.reason, place);
      if (plan.status === 'failed') failed.add(plan.error.code, place, plan.error.message);
      for (const { path, reason } of plan.dropped) dropped.add(reason, place, path);
      for (const operation of plan.operations) addOperation(operation);
      return requests.add(event, plan);
    },
    addUnreadable(problem, place) {
      count('unreadable', 'failed');
      unreadable.add(problem, place, problem);
    },
    async finish() {
      const sent = await requests.finish();
      const users = [...sample.users()];
      const over = tagLimit === undefined ? 0 : users.filter(({ tags }) => tags.length > tagLimit).length;
      const timed = (way: WayOfSending) => {
        const busiest = users.reduce((most, user) => Math.max(most, user.requests[way]), 0);
        // A user takes one write a second.
        return { count: sent[way], seconds: Math.ceil(Math.max(sent[way] / requestsPerSecond, busiest)) };
      };
      return {
        events,
        types: counts,
        skipped: skipped.entries(),
        failed: [
          ...failed.entries(),
          ...unreadable.entries().map(([, where]): [string, Occurrence] => ['unreadable', where]),
        ],
        dropped: dropped.entries(),
        tags: tagKeys.withUsers(users).map((tag) => ({ ...tag, users: sample.estimate(tag.users) })),
        hasMoreTags: tagKeys.isCut(),
        others: others.entries(),
        users: sample.estimate(users.length),
        usersOverLimit: sample.estimate(over),
        mostTags: users.reduce((most, { tags }) => Math.max(most, tags.length), 0),
        isExact: sample.isComplete(),
        requests: { single: timed('single'), merged: timed('merged'), unchanged: timed('unchanged') },
      };
    },
  };
}

function typeOf(event: unknown): string {
  const type: unknown = Reflect.get(Object(event), 'type');
  return typeof type === 'string' && types.includes(type) ? type : 'other';
}
