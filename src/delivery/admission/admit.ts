import type { Clock } from '../../clock.js';
import type { Plan } from '../../onesignal/plan.js';
import type { Progress } from '../accepted-writes.js';
import type { Call } from '../deliver-call.js';
import { createUnsentOutcome, type Result } from '../outcome.js';
import type { PendingInput, Submission } from '../pending-input.js';
import { isDeletion, userKeyOf } from '../planned-user.js';
import type { DeliverySettings } from '../settings.js';
import { type Arrivals, createArrivals } from './arrivals.js';
import { createProgress } from './progress.js';

/** State that deliveries of the same event share. */
export interface Redeliveries {
  progress: Progress;
  arrivals: Arrivals;
}

/** @internal */
export function createRedeliveries(clock: Clock): Redeliveries {
  return { progress: createProgress(clock), arrivals: createArrivals(clock) };
}

/** Starts an input, or settles it at once if there is nothing to send for it. @internal */
export function admit(
  call: Call,
  index: number,
  { plan, pathOf }: Submission,
  { maxAgeMs }: DeliverySettings,
  { progress, arrivals }: Redeliveries,
  now: number,
): PendingInput | undefined {
  const happenedMs = plan.at === undefined ? undefined : Date.parse(plan.at);
  const result = unsentResultOf(plan, happenedMs !== undefined && now - happenedMs > maxAgeMs);
  if (result !== undefined) {
    call.settle(index, createUnsentOutcome(plan, result));
    return undefined;
  }
  const userKey = userKeyOf(plan);
  const eventKey = userKey === undefined || plan.messageId === undefined ? undefined : `${plan.messageId} ${userKey}`;
  const atMs = happenedMs === undefined ? undefined : arrivals.timeOf(eventKey, happenedMs);
  const input = call.begin({
    index,
    plan: atMs === undefined || atMs === happenedMs ? plan : { ...plan, at: new Date(atMs).toISOString() },
    pathOf,
    userKey,
    eventKey,
    atMs,
    arrivedMs: now,
    progress,
  });
  input.resume();
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
