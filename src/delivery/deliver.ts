import type { UpdateUser } from '../onesignal/operation.js';
import type { Plan } from '../onesignal/plan.js';
import { createCustomEvents } from './custom-events.js';
import { type Call, createCall } from './deliver-call.js';
import type { DeliveryOptions, Hooks } from './options.js';
import type { Outcome } from './outcome.js';
import { come, dropForRoom, type Entry, finish, isWanted, type Submission, type UserWrite } from './pending-input.js';
import { createSegments } from './segments.js';
import type { StartExchange } from './sending/exchange.js';
import { createPacer } from './sending/pacer.js';
import { createSender } from './sending/sender.js';
import { createUserClock } from './sending/user-clock.js';
import { createLanes, isDeletion } from './user/lanes.js';
import { createMemoryOrderStore } from './user/memory-order-store.js';
import { createOrderGuard } from './user/order-guard.js';
import { createSeenGuard } from './user/seen-guard.js';
import { withoutKeys } from './user/update-keys.js';
import { createUserWriter } from './user/write-user.js';

/** What delivery needs. */
export interface DelivererOptions {
  appId: string;
  exchange: StartExchange;
  delivery: DeliveryOptions;
  /** What OneSignal's plan allows for a user. */
  tagLimit: number | undefined;
  onAttempt: Hooks['onAttempt'];
}

/** One call's limits. */
export interface CallOptions {
  signal: AbortSignal | undefined;
  deadlineMs: number | undefined;
  /** Called once for each input, as soon as its outcome is known. */
  onOutcome: (index: number, outcome: Outcome) => void;
}

/** Delivers what was planned. */
export type DeliverPlans = (submissions: readonly Submission[], options: CallOptions) => Promise<Outcome[]>;

const defaults = {
  timeoutMs: 30_000,
  deadlineMs: 120_000,
  retries: 2,
  maxRetryAfterMs: 5_000,
  concurrency: 64,
  requestsPerSecond: 1_000,
  userIntervalMs: 1_000,
} as const;

/**
 * Puts delivery together. No I/O and no timer before the first call, so that one per request is cheap.
 *
 * @internal
 */
export function createDeliverPlans({ appId, exchange, delivery, tagLimit, onAttempt }: DelivererOptions): DeliverPlans {
  const { concurrency = defaults.concurrency, requestsPerSecond = defaults.requestsPerSecond } = delivery;
  const {
    timeoutMs = defaults.timeoutMs,
    retries = defaults.retries,
    maxRetryAfterMs = defaults.maxRetryAfterMs,
  } = delivery;
  const {
    userIntervalMs = defaults.userIntervalMs,
    missingUser = 'skip',
    order,
    maxAgeMs = Number.POSITIVE_INFINITY,
  } = delivery;

  const pacer = createPacer({ concurrency, requestsPerSecond });
  const users = createUserClock(userIntervalMs);
  const sender = createSender({ exchange, pacer, users, timeoutMs, retries, maxRetryAfterMs, onAttempt });
  const guard = order === false ? undefined : createOrderGuard(order ?? createMemoryOrderStore());
  const seen = delivery.seen === undefined ? undefined : createSeenGuard(delivery.seen);
  const segments = createSegments(sender, appId);
  const customEvents = createCustomEvents(sender, appId, missingUser);

  /** Once the writes are done: what is shared between users follows, and never delays a lane. */
  const follow = (entry: Entry): void => {
    const written =
      entry.applied.has('update_user') || !entry.plan.operations.some(({ type }) => type === 'update_user');
    for (const operation of isWanted(entry) ? entry.plan.operations : []) {
      if (operation.type === 'ensure_segment' && written && !entry.withoutSegment) {
        entry.open++;
        segments.ensure(operation, entry);
      }
      if (operation.type === 'send_custom_events') {
        entry.open++;
        customEvents.send(operation, entry);
      }
    }
    finish(entry);
  };
  const lanes = createLanes({
    sender,
    write: createUserWriter({ sender, appId, guard, seen, missingUser, tagLimit }),
    beforeDeletion: ({ id }) => customEvents.settled(id),
    done: follow,
  });

  const begin = (
    call: Call,
    index: number,
    submission: Submission,
    at: string | undefined,
    deadlineMs: number,
  ): Entry | undefined => {
    const { plan, pathOf } = submission;
    const unplanned = outcomeOfUnplanned(plan);
    if (unplanned !== undefined) {
      call.settle(index, unplanned);
      return undefined;
    }
    const now = Date.now();
    // A time in the future is a clock that runs ahead: it counts as now, or the order guard would block every write until then.
    const atMs = plan.at === undefined ? undefined : Math.min(Date.parse(plan.at), now);
    // A deletion is never too old: nobody would know that the user is still there.
    if (atMs !== undefined && now - atMs > maxAgeMs && !isDeletion(plan)) {
      call.settle(index, { ...unsent(plan), status: 'skipped', reason: 'too_old' });
      return undefined;
    }
    const timed = at === undefined || at === plan.at ? plan : { ...plan, at };
    const entry = call.enter(index, timed, plan.operations.filter(isUserWrite), atMs, pathOf);
    // What of the event cannot be sent fails it; what can is sent all the same.
    if (plan.status === 'failed') come(entry, { status: 'failed', error: plan.error });
    dropWhatHasNoTime(entry, deadlineMs, userIntervalMs);
    return entry;
  };

  return (submissions, { signal, deadlineMs = delivery.deadlineMs ?? defaults.deadlineMs, onOutcome }) =>
    createCall({ size: submissions.length, deadlineMs, signal, onOutcome }, (call) => {
      const entries: Entry[] = [];
      let at: string | undefined;
      submissions.forEach((submission, index) => {
        // A plan without a time takes that of the nearest earlier one that has one (spec D2).
        at = submission.plan.at ?? at;
        const entry = begin(call, index, submission, at, deadlineMs);
        if (entry !== undefined) entries.push(entry);
      });
      const deleted = new Set(entries.flatMap(({ plan }) => (isDeletion(plan) ? userIdsOf(plan) : [])));
      for (const entry of entries) {
        const [id] = userIdsOf(entry.plan);
        // Events of a user who is deleted in this call wait for their turn.
        if (id !== undefined && (entry.writes.length > 0 || deleted.has(id)))
          lanes.enter({ label: 'external_id', id }, entry);
        else follow(entry);
      }
    });
}

function userIdsOf({ operations }: Plan): string[] {
  return operations.flatMap((operation) => {
    if (operation.type === 'send_custom_events') return operation.events.map(({ external_id }) => external_id);
    return operation.type === 'ensure_segment' ? [] : [operation.user.id];
  });
}

function isUserWrite(operation: Plan['operations'][number]): operation is UserWrite {
  return operation.type !== 'ensure_segment' && operation.type !== 'send_custom_events';
}

/** The parts of one event that cannot start within the deadline, one a user interval, are dropped before the first request (spec M11). */
function dropWhatHasNoTime(entry: Entry, deadlineMs: number, userIntervalMs: number): void {
  const updates = entry.writes.filter((write): write is UpdateUser => write.type === 'update_user');
  const fitting = Math.max(1, Math.floor(deadlineMs / Math.max(userIntervalMs, 1)));
  if (!(updates.length > fitting)) return;
  const keys = new Set(updates.slice(fitting).flatMap(({ tags }) => Object.keys(tags)));
  dropForRoom(entry, keys, 'too_many_tags');
  entry.writes = withoutKeys(entry.writes, keys);
}

function unsent(plan: Plan): Pick<Outcome, 'messageId' | 'applied' | 'dropped' | 'warnings'> {
  return {
    ...(plan.messageId === undefined ? {} : { messageId: plan.messageId }),
    applied: [],
    dropped: plan.dropped,
    warnings: [],
  };
}

/** The outcome of an event of which nothing is sent; `undefined` where there is something to send. */
function outcomeOfUnplanned(plan: Plan): Outcome | undefined {
  if (plan.status === 'skipped') return { ...unsent(plan), status: 'skipped', reason: plan.reason };
  if (plan.status === 'failed' && plan.operations.length === 0)
    return { ...unsent(plan), status: 'failed', error: plan.error };
  return undefined;
}
