import type { Clock } from '../../clock.js';
import { DeliveryError } from '../../errors.js';
import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import { judgeSafely } from '../judging/judge.js';
import { type Answer, retryable, type Verdict } from '../judging/verdict.js';
import { notify } from '../notify.js';
import type { Attempt } from '../options.js';
import type { DeliverySettings } from '../settings.js';
import { pause, type SharedWork } from '../shared-work.js';
import type { AppPacer, Slot } from './app-pacer.js';
import { attemptOnce } from './attempt.js';
import type { StartExchange } from './exchange.js';
import { retryDelay } from './retry-delay.js';
import type { SharedLimits } from './shared-limits.js';
import type { UserClock } from './user-clock.js';
import { createViewSlots, type ViewSlot } from './view-slots.js';

/** One attempt: a request, and the operations it holds. */
export interface Sending {
  readonly operations: readonly [Operation, ...Operation[]];
  readonly request: OneSignalRequest;
}

/** A request that is sent once or, with retries, several times. */
export interface Job {
  /** Asked right before each attempt; `undefined` if nothing is left to send. */
  next(): Sending | undefined;
  /** Called after each attempt that OneSignal may have applied, although no answer says so. */
  readonly onDoubt?: () => void;
  /** The key of the user it writes to; absent if it writes to no single user. */
  readonly user?: string | undefined;
  /** Marks a read, which observers see under this name. Reads of users have a rate limit of their own. */
  readonly view?: 'view_user' | 'view_segment';
}

export interface SenderOptions {
  clock: Clock;
  startExchange: StartExchange;
  pacer: AppPacer;
  /** The limits that other processes share. */
  limits?: SharedLimits | undefined;
  users: UserClock;
  settings: Pick<DeliverySettings, 'timeoutMs' | 'retries' | 'maxRetryAfterMs'>;
  onAttempt: ((attempt: Attempt) => void) | undefined;
}

/** Sends requests: paced, timed out, judged and retried within seconds (D6). */
export interface Sender {
  /** Waits until the app and the user may be written to; `undefined` if the work was cancelled first. */
  slotFor(user: string | undefined, work: SharedWork): Slot | undefined | Promise<Slot | undefined>;
  /** Sends a job. Its first attempt uses `slot` if that is still held; the slot is released in any case. */
  send(job: Job, work: SharedWork, slot?: Slot): Promise<Verdict>;
}

/** After a refused key nothing is sent for this long, so that one bad key does not become a storm (D5). */
const unauthorizedPauseMs = 30_000;

/** For requests that are not reads of users. */
const noView: ViewSlot = { end() {} };

/** @internal */
export function createSender(options: SenderOptions): Sender {
  const { clock, startExchange, limits, users, settings, onAttempt } = options;
  const { timeoutMs, retries, maxRetryAfterMs } = settings;
  const pacer = limits?.share(options.pacer) ?? options.pacer;
  const views = createViewSlots(clock);
  const key = createKeyState(clock, limits);

  const slotAfterPause = async (user: string, work: SharedWork): Promise<Slot | undefined> => {
    if (!(await pause(users.waitMs(user), work, clock))) return undefined;
    return pacer.acquire(work);
  };
  const slotFor: Sender['slotFor'] = (user, work) =>
    user === undefined || users.waitMs(user) === 0 ? pacer.acquire(work) : slotAfterPause(user, work);

  return {
    slotFor,
    async send(job, work, given) {
      for (let number = 1; ; number++) {
        const view = job.view === 'view_user' ? await views.take(work) : noView;
        if (view === undefined) return { kind: 'cancelled' };
        if (typeof view === 'number') return noReadFree(view);
        const slot = given?.isHeld ? given : await slotFor(job.user, work);
        if (slot === undefined) {
          view.end();
          return { kind: 'cancelled' };
        }
        // Asked last: the key may have been refused while this request waited for its turn.
        const refusal = key.refusal();
        // The clock and the callers too: after a stall, callers may have left or run out of time.
        const sending = refusal === undefined ? job.next() : undefined;
        if (sending === undefined) {
          view.end();
          slot.release();
          return refusal ?? { kind: 'cancelled' };
        }
        const startedAt = clock.now();
        slot.use();
        const answer = await attemptOnce(startExchange, sending.request, timeoutMs, work, clock);
        // Counted from the answer: OneSignal received the request at some time before it.
        view.end();
        if (job.user !== undefined) users.start(job.user, clock.now());
        const verdict = judgeSafely(sending.operations, answer, clock);
        if (verdict.kind === 'unauthorized') key.refused(verdict);
        if (isInDoubt(verdict)) job.onDoubt?.();
        // Released last: the next request must know of a refused key.
        slot.release();
        const delayMs =
          number > retries ? undefined : retryDelay(verdict, number, maxRetryAfterMs, work.deadlineAt, clock);
        if (onAttempt !== undefined)
          notify(
            onAttempt,
            attemptOf(
              job,
              sending,
              { attempt: number, startedAt, durationMs: clock.now() - startedAt },
              answer,
              verdict,
              delayMs,
            ),
          );
        if (delayMs === undefined) return verdict;
        if (!(await pause(delayMs, work, clock))) return { kind: 'cancelled' };
      }
    },
  };
}

/** Whether OneSignal may have applied the request. A 429 says that it has not. */
function isInDoubt(verdict: Verdict): boolean {
  return verdict.kind === 'cancelled' || (verdict.kind === 'retryable' && verdict.error.code !== 'rate_limited');
}

/** A read that would come too late for its call. */
function noReadFree(retryAfterMs: number): Verdict {
  const message = 'The tags of the user could not be read in time: OneSignal allows one read per second per app.';
  return retryable(new DeliveryError('rate_limited', message, { operation: 'update_user' }), retryAfterMs);
}

/** Remembers for a while that OneSignal refused the key. */
function createKeyState(
  clock: Clock,
  limits: SharedLimits | undefined,
): { refused(verdict: Verdict): void; refusal(): Verdict | undefined } {
  let refused: { verdict: Verdict; at: number } | undefined;
  limits?.onFound(({ keyRefusedForMs }) => {
    if (keyRefusedForMs !== undefined && refused === undefined)
      refused = { verdict: refusedElsewhere(), at: clock.now() + keyRefusedForMs - unauthorizedPauseMs };
  });
  return {
    refused(verdict) {
      refused = { verdict, at: clock.now() };
      limits?.tell({ keyRefusedForMs: unauthorizedPauseMs });
    },
    refusal() {
      const agoMs = clock.now() - (refused?.at ?? 0);
      // Below zero: the clock was set back.
      if (agoMs < 0 || agoMs >= unauthorizedPauseMs) refused = undefined;
      return refused?.verdict;
    },
  };
}

function refusedElsewhere(): Verdict {
  const message = 'OneSignal refused the API key of another process of the fleet, so sending is paused.';
  return {
    kind: 'unauthorized',
    error: new DeliveryError('unauthorized', message),
    retryAfterMs: 2 * unauthorizedPauseMs,
  };
}

function attemptOf(
  { view }: Job,
  { operations: [operation] }: Sending,
  start: Pick<Attempt, 'attempt' | 'startedAt' | 'durationMs'>,
  answer: Answer,
  verdict: Verdict,
  retryInMs: number | undefined,
): Attempt {
  const status = statusOf(answer);
  return {
    operation: view ?? operation.type,
    ...start,
    ...(status === undefined ? {} : { status }),
    ...('error' in verdict ? { error: withoutReasons(verdict.error) } : {}),
    ...(retryInMs === undefined ? {} : { retryInMs }),
  };
}

/** Observers are told what happened, not what OneSignal said: its words may repeat ids, tags and values. */
function withoutReasons({ code, operation, status }: DeliveryError): DeliveryError {
  const message = `${operation ?? 'The request'} failed: ${code}${status === undefined ? '' : ` (${status})`}`;
  return new DeliveryError(code, message, {
    ...(operation === undefined ? {} : { operation }),
    ...(status === undefined ? {} : { status }),
  });
}

/** A transport is the user's code: its response may have getters that throw. */
function statusOf(answer: Answer): number | undefined {
  try {
    return answer.kind === 'response' && Number.isInteger(answer.response.status) ? answer.response.status : undefined;
  } catch {
    return undefined;
  }
}
