import type { Alias, UpdateUser } from '../onesignal/operation.js';
import type { Plan } from '../onesignal/plan.js';
import { userKey } from '../onesignal/user-key.js';
import { type Arrivals, createArrivals } from './arrivals.js';
import { createClaims } from './claims.js';
import { createCustomEvents } from './custom-events.js';
import { type Call, type CallOptions, runCall } from './deliver-call.js';
import type { DeliveryOptions, Hooks } from './options.js';
import { createUnsentOutcome, type Outcome, type Result } from './outcome.js';
import type { PendingInput, Submission } from './pending-input.js';
import { createProgress, type Progress } from './progress.js';
import { createRefusalResolver } from './resolve-refusals.js';
import { createSegments } from './segments.js';
import type { StartExchange } from './sending/exchange.js';
import { createPacer } from './sending/pacer.js';
import { createSender, type Sender } from './sending/sender.js';
import { createUserClock } from './sending/user-clock.js';
import { type DeliverySettings, withDefaults } from './settings.js';
import { createAcceptance } from './user/accept-writes.js';
import { createMemoryOrderStore } from './user/memory-order-store.js';
import { createOrderGuard, type OrderGuard } from './user/order-guard.js';
import { createWritePerformer } from './user/perform-writes.js';
import { createSeenGuard } from './user/seen-guard.js';
import { createTagRoom } from './user/tag-room.js';
import { createUserMemory, type UserMemory } from './user/user-memory.js';
import { createUserQueues, isDeletion } from './user/user-queues.js';
import { createUserWriter, type WriteUser } from './user/write-user.js';

/** Everything delivery is put together from. */
export interface DeliverySetup {
  appId: string;
  startExchange: StartExchange;
  delivery: DeliveryOptions;
  /** The tag limit of the OneSignal plan, if it was given. */
  tagLimit: number | undefined;
  /** Whether events may delete users. */
  deletesUsers: boolean;
  onAttempt: Hooks['onAttempt'];
}

/** Delivers planned events: one outcome each, in the same order. */
export type DeliverPlans = (
  submissions: readonly Submission[],
  options: Omit<CallOptions, 'deadlineMs'> & { deadlineMs: number | undefined },
) => Promise<Outcome[]>;

/**
 * Puts delivery together. Starts no I/O and no timer before the first call, so creating one per request is cheap.
 *
 * @internal
 */
export function createDeliverPlans({ delivery, ...setup }: DeliverySetup): DeliverPlans {
  const settings = withDefaults(delivery);
  const redeliveries: Redeliveries = { progress: createProgress(), arrivals: createArrivals() };
  const route = createRouter(setup, settings, redeliveries.progress);

  return (submissions, { deadlineMs = settings.deadlineMs, ...options }) =>
    runCall(submissions.length, { ...options, deadlineMs }, (call) => {
      const inputs: PendingInput[] = [];
      submissions.forEach((submission, index) => {
        const input = admit(call, index, submission, settings, redeliveries);
        if (input === undefined) return;
        dropTagsWithoutTime(input, deadlineMs, settings.userIntervalMs);
        inputs.push(input);
      });
      route(inputs);
    });
}

/** Sends inputs on their way: writes through their user's queue, then what is shared between users. */
function createRouter(
  setup: Omit<DeliverySetup, 'delivery'>,
  settings: DeliverySettings,
  progress: Progress,
): (inputs: readonly PendingInput[]) => void {
  const { appId, startExchange, onAttempt } = setup;
  const users = createUserClock(settings.userIntervalMs);
  const sender = createSender({ startExchange, pacer: createPacer(settings), users, settings, onAttempt });
  const memory = createUserMemory();
  const segments = createSegments(sender, appId);
  const { missingUser } = settings;
  const customEvents = createCustomEvents(createRefusalResolver({ sender, appId, missingUser, memory }));

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
  const orderGuard = createGuard(settings, setup);
  const queues = createUserQueues({
    sender,
    claims: createClaims(),
    write: createWriter(setup, settings, { sender, memory, orderGuard, progress }),
    beforeDeletion: ({ id }) => customEvents.settled(id),
    onWritten: followUp,
  });

  /** An event that writes nothing to its user must not reach one who was deleted after it happened. */
  const followUpUnlessDeleted = async (user: Alias, input: PendingInput): Promise<void> => {
    await orderGuard?.dropStale(user, [input]);
    followUp(input);
  };

  return (inputs) => {
    const deleted = new Set(inputs.flatMap(({ plan }) => (isDeletion(plan) ? (userIdOf(plan) ?? []) : [])));
    for (const input of inputs) {
      const id = userIdOf(input.plan);
      // Other events of a user who is deleted in this call wait for their turn, even if they write nothing.
      const user = id === undefined ? undefined : { label: 'external_id', id };
      if (user !== undefined && (input.writes.length > 0 || deleted.has(user.id))) queues.add(user, input);
      else if (user !== undefined && setup.deletesUsers) void followUpUnlessDeleted(user, input);
      else followUp(input);
    }
  };
}

function createGuard(
  { order }: DeliverySettings,
  { deletesUsers }: Pick<DeliverySetup, 'deletesUsers'>,
): OrderGuard | undefined {
  if (order === false) return undefined;
  return createOrderGuard(order ?? createMemoryOrderStore(), { guardsDeletions: deletesUsers });
}

function createWriter(
  { appId, tagLimit }: Omit<DeliverySetup, 'delivery'>,
  { missingUser, seen }: DeliverySettings,
  {
    sender,
    memory,
    orderGuard,
    progress,
  }: { sender: Sender; memory: UserMemory; orderGuard: OrderGuard | undefined; progress: Progress },
): WriteUser {
  const seenGuard = seen === undefined ? undefined : createSeenGuard(seen);
  const room = createTagRoom(tagLimit);
  const accept = createAcceptance({ orderGuard, seenGuard, room, memory });
  const perform = createWritePerformer({ sender, appId, missingUser, room, memory, accept });
  return createUserWriter({
    orderGuard,
    seenGuard,
    perform,
    // Once more: the earlier delivery may have left a write on its way.
    resume: (user, input) => resume(input, userKey(user), progress),
  });
}

/** What deliveries of the same event have in common. */
interface Redeliveries {
  progress: Progress;
  arrivals: Arrivals;
}

/** Starts an input, or settles it at once if nothing is to be sent for it. */
function admit(
  call: Call,
  index: number,
  { plan, pathOf }: Submission,
  { maxAgeMs }: DeliverySettings,
  { progress, arrivals }: Redeliveries,
): PendingInput | undefined {
  const now = Date.now();
  const happenedMs = plan.at === undefined ? undefined : Date.parse(plan.at);
  const result = unsentResultOf(plan, happenedMs !== undefined && now - happenedMs > maxAgeMs);
  if (result !== undefined) {
    call.settle(index, createUnsentOutcome(plan, result));
    return undefined;
  }
  const id = userIdOf(plan);
  const user = id === undefined ? undefined : userKey({ label: 'external_id', id });
  const { messageId } = plan;
  const isRecognisable = user !== undefined && messageId !== undefined;
  const atMs =
    happenedMs === undefined
      ? undefined
      : arrivals.timeOf(isRecognisable ? `${messageId} ${user}` : undefined, happenedMs);
  const submission = {
    plan: atMs === undefined || atMs === happenedMs ? plan : { ...plan, at: new Date(atMs).toISOString() },
    pathOf,
  };
  const input = call.begin(index, submission, {
    atMs,
    arrivedMs: now,
    onUnfinished(accepted) {
      if (isRecognisable) progress.save(user, messageId, accepted);
    },
  });
  if (user !== undefined) resume(input, user, progress);
  if (plan.status === 'failed') input.fail(plan.error);
  return input;
}

/** What was accepted in an earlier delivery is not sent again (D10). */
function resume(input: PendingInput, user: string, progress: Progress): void {
  const { messageId } = input.plan;
  const accepted = messageId === undefined ? undefined : progress.take(user, messageId);
  if (accepted !== undefined) input.resume(accepted);
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

/** OneSignal's usual time to answer; the interval between two writes counts from the answer. */
const answerMs = 250;

/**
 * Updates of one event leave one user interval apart. Those that cannot be sent before the deadline are dropped (M11), or
 * the event would come back for ever.
 */
function dropTagsWithoutTime(input: PendingInput, deadlineMs: number, userIntervalMs: number): void {
  const updates = input.writes.filter((write): write is UpdateUser => write.type === 'update_user');
  const fitting = 1 + Math.max(0, Math.floor((deadlineMs - answerMs) / (userIntervalMs + answerMs)));
  if (!(updates.length > fitting)) return;
  const keys = new Set(updates.slice(fitting).flatMap(({ tags }) => Object.keys(tags)));
  input.dropForRoom(keys, 'too_many_tags');
  input.removeKeys(keys);
}
