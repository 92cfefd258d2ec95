import type { UpdateUser } from '../onesignal/operation.js';
import type { Plan } from '../onesignal/plan.js';
import { createCustomEvents } from './custom-events.js';
import { type Call, type CallOptions, runCall } from './deliver-call.js';
import type { DeliveryOptions, Hooks } from './options.js';
import { createUnsentOutcome, type Outcome, type Result } from './outcome.js';
import type { PendingInput, Submission } from './pending-input.js';
import { createSegments } from './segments.js';
import type { StartExchange } from './sending/exchange.js';
import { createPacer } from './sending/pacer.js';
import { createSender } from './sending/sender.js';
import { createUserClock } from './sending/user-clock.js';
import { type DeliverySettings, withDefaults } from './settings.js';
import { createMemoryOrderStore } from './user/memory-order-store.js';
import { createOrderGuard } from './user/order-guard.js';
import { createSeenGuard } from './user/seen-guard.js';
import { createUserQueues, isDeletion } from './user/user-queues.js';
import { createUserWriter } from './user/write-user.js';

/** The parts that delivery is built from. */
export interface DeliverySetup {
  appId: string;
  startExchange: StartExchange;
  delivery: DeliveryOptions;
  /** The tag limit of the OneSignal plan, if it was given. */
  tagLimit: number | undefined;
  onAttempt: Hooks['onAttempt'];
}

/** Delivers planned events: one outcome each, in the same order. */
export type DeliverPlans = (
  submissions: readonly Submission[],
  options: Omit<CallOptions, 'deadlineMs'> & { deadlineMs: number | undefined },
) => Promise<Outcome[]>;

/**
 * Builds delivery. Starts no I/O and no timer before the first call, so creating one per request is cheap.
 *
 * @internal
 */
export function createDeliverPlans({ delivery, ...setup }: DeliverySetup): DeliverPlans {
  const settings = withDefaults(delivery);
  const route = createRouter(setup, settings);

  return (submissions, { deadlineMs = settings.deadlineMs, ...options }) =>
    runCall(submissions.length, { ...options, deadlineMs }, (call) => {
      const inputs: PendingInput[] = [];
      let at: string | undefined;
      submissions.forEach((submission, index) => {
        // A plan without a time takes the one of the nearest earlier plan that has one (D2).
        at = submission.plan.at ?? at;
        const input = admit(call, index, submission, at, settings);
        if (input === undefined) return;
        dropTagsWithoutTime(input, deadlineMs, settings.userIntervalMs);
        inputs.push(input);
      });
      route(inputs);
    });
}

/** Routes inputs: first their writes, through their user's queue, then the operations that users share. */
function createRouter(
  { appId, startExchange, tagLimit, onAttempt }: Omit<DeliverySetup, 'delivery'>,
  settings: DeliverySettings,
): (inputs: readonly PendingInput[]) => void {
  const { missingUser, order, seen } = settings;
  const users = createUserClock(settings.userIntervalMs);
  const sender = createSender({ startExchange, pacer: createPacer(settings), users, settings, onAttempt });
  const orderGuard = order === false ? undefined : createOrderGuard(order ?? createMemoryOrderStore());
  const seenGuard = seen === undefined ? undefined : createSeenGuard(seen);
  const segments = createSegments(sender, appId);
  const customEvents = createCustomEvents(sender, appId, missingUser);

  /** Shared work follows an input's own writes, and never delays its user's queue. */
  const followUp = (input: PendingInput): void => {
    const isWritten =
      input.hasApplied('update_user') || !input.plan.operations.some(({ type }) => type === 'update_user');
    for (const operation of input.isWanted ? input.plan.operations : []) {
      if (operation.type === 'ensure_segment' && isWritten && !input.lacksSegment) {
        input.begin();
        segments.ensure(operation, input);
      }
      if (operation.type === 'send_custom_events') {
        input.begin();
        customEvents.send(operation, input);
      }
    }
    input.finish();
  };
  const queues = createUserQueues({
    sender,
    write: createUserWriter({ sender, appId, orderGuard, seenGuard, missingUser, tagLimit }),
    beforeDeletion: ({ id }) => customEvents.settled(id),
    onWritten: followUp,
  });

  return (inputs) => {
    const deleted = new Set(inputs.flatMap(({ plan }) => (isDeletion(plan) ? (userIdOf(plan) ?? []) : [])));
    for (const input of inputs) {
      const id = userIdOf(input.plan);
      // Other events of a user who is deleted in this call wait for their turn, even if they write nothing.
      if (id !== undefined && (input.writes.length > 0 || deleted.has(id)))
        queues.add({ label: 'external_id', id }, input);
      else followUp(input);
    }
  };
}

/** Starts an input, or settles it at once if nothing is to be sent for it. */
function admit(
  call: Call,
  index: number,
  { plan, pathOf }: Submission,
  at: string | undefined,
  { maxAgeMs }: DeliverySettings,
): PendingInput | undefined {
  const now = Date.now();
  // A time in the future means a clock that runs ahead. It counts as now, or it would block every write until then.
  const atMs = plan.at === undefined ? undefined : Math.min(Date.parse(plan.at), now);
  const result = unsentResultOf(plan, atMs !== undefined && now - atMs > maxAgeMs);
  if (result !== undefined) {
    call.settle(index, createUnsentOutcome(plan, result));
    return undefined;
  }
  const timed = at === undefined || at === plan.at ? plan : { ...plan, at };
  const input = call.begin(index, { plan: timed, pathOf }, atMs);
  if (plan.status === 'failed') input.fail(plan.error);
  return input;
}

/** The result of an event for which nothing is sent; `undefined` if there is something to send. */
function unsentResultOf(plan: Plan, isTooOld: boolean): Result | undefined {
  if (plan.status === 'skipped') return { status: 'skipped', reason: plan.reason };
  if (plan.status === 'failed' && plan.operations.length === 0) return { status: 'failed', error: plan.error };
  // A deletion is never too old: nobody would notice that the user is still there.
  return isTooOld && !isDeletion(plan) ? { status: 'skipped', reason: 'too_old' } : undefined;
}

/** All operations of a plan are about one user. */
function userIdOf({ operations }: Plan): string | undefined {
  for (const operation of operations) {
    if (operation.type === 'send_custom_events') return operation.events[0]?.external_id;
    if (operation.type !== 'ensure_segment') return operation.user.id;
  }
  return undefined;
}

/** M11: the updates of one event go out one user interval apart. Those that cannot start in time are dropped. */
function dropTagsWithoutTime(input: PendingInput, deadlineMs: number, userIntervalMs: number): void {
  const updates = input.writes.filter((write): write is UpdateUser => write.type === 'update_user');
  const fitting = Math.max(1, Math.floor(deadlineMs / Math.max(userIntervalMs, 1)));
  if (!(updates.length > fitting)) return;
  const keys = new Set(updates.slice(fitting).flatMap(({ tags }) => Object.keys(tags)));
  input.dropForRoom(keys, 'too_many_tags');
  input.removeKeys(keys);
}
