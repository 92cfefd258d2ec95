import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import { judgeSafely } from '../judging/judge.js';
import type { Answer, Verdict } from '../judging/verdict.js';
import { notify } from '../notify.js';
import type { Attempt } from '../options.js';
import type { DeliverySettings } from '../settings.js';
import { pause, type SharedWork } from '../shared-work.js';
import { attemptOnce } from './attempt.js';
import type { StartExchange } from './exchange.js';
import type { Pacer, Slot } from './pacer.js';
import { retryDelay } from './retry-delay.js';
import type { UserClock } from './user-clock.js';
import { createViewSlots } from './view-slots.js';

/** A request and its purpose. */
export interface Job {
  operation: Operation;
  request: OneSignalRequest;
  /** The key of the user it writes to; absent if it writes to no single user. */
  user?: string;
  /** Marks the read of tag limit recovery, which has a rate limit of its own. */
  isView?: true;
}

export interface SenderOptions {
  startExchange: StartExchange;
  pacer: Pacer;
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

/** @internal */
export function createSender({ startExchange, pacer, users, settings, onAttempt }: SenderOptions): Sender {
  const { timeoutMs, retries, maxRetryAfterMs } = settings;
  const views = createViewSlots();
  const key = createKeyState();

  const slotAfterPause = async (user: string, work: SharedWork): Promise<Slot | undefined> => {
    if (!(await pause(users.waitMs(user), work))) return undefined;
    return pacer.acquire(work);
  };
  const slotFor: Sender['slotFor'] = (user, work) =>
    user === undefined || users.waitMs(user) === 0 ? pacer.acquire(work) : slotAfterPause(user, work);

  return {
    slotFor,
    async send(job, work, given) {
      for (let number = 1; ; number++) {
        if (job.isView && !(await views.take(work))) return { kind: 'cancelled' };
        const slot = given?.isHeld ? given : await slotFor(job.user, work);
        if (slot === undefined) return { kind: 'cancelled' };
        // Asked last: the key may have been refused while this request waited for its turn.
        const refusal = key.refusal();
        if (refusal !== undefined) {
          slot.release();
          return refusal;
        }
        const startedAt = Date.now();
        const answering = attemptOnce(startExchange, job.request, timeoutMs, work);
        // Counted from the moment of sending: until then a transport may have been busy.
        if (job.user !== undefined) users.start(job.user, Date.now());
        const answer = await answering;
        const verdict = judgeSafely(job.operation, answer);
        if (verdict.kind === 'unauthorized') key.refused(verdict);
        // Released last: the next request must know of a refused key.
        slot.release();
        const delayMs = number > retries ? undefined : retryDelay(verdict, number, maxRetryAfterMs, work.deadlineAt);
        if (onAttempt !== undefined) notify(onAttempt, attemptOf(job, number, startedAt, answer, verdict, delayMs));
        if (delayMs === undefined) return verdict;
        if (!(await pause(delayMs, work))) return { kind: 'cancelled' };
      }
    },
  };
}

/** Remembers for a while that OneSignal refused the key. */
function createKeyState(): { refused(verdict: Verdict): void; refusal(): Verdict | undefined } {
  let refused: { verdict: Verdict; at: number } | undefined;
  return {
    refused(verdict) {
      refused = { verdict, at: Date.now() };
    },
    refusal() {
      const agoMs = Date.now() - (refused?.at ?? 0);
      // Below zero: the clock was set back.
      if (agoMs < 0 || agoMs >= unauthorizedPauseMs) refused = undefined;
      return refused?.verdict;
    },
  };
}

function attemptOf(
  { operation, isView }: Job,
  number: number,
  startedAt: number,
  answer: Answer,
  verdict: Verdict,
  retryInMs: number | undefined,
): Attempt {
  const status = statusOf(answer);
  return {
    operation: isView ? 'view_user' : operation.type,
    attempt: number,
    startedAt,
    durationMs: Date.now() - startedAt,
    ...(status === undefined ? {} : { status }),
    ...('error' in verdict ? { error: verdict.error } : {}),
    ...(retryInMs === undefined ? {} : { retryInMs }),
  };
}

/** A transport is the user's code: its response may have getters that throw. */
function statusOf(answer: Answer): number | undefined {
  try {
    return answer.kind === 'response' && Number.isInteger(answer.response.status) ? answer.response.status : undefined;
  } catch {
    return undefined;
  }
}
