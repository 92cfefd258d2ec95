import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import { plainCause } from '../../redact.js';
import { privateTexts } from '../judging/private-texts.js';
import { type Answer, errorOf, retryable, type Verdict } from '../judging/verdict.js';
import { notify } from '../notify.js';
import type { Attempt } from '../options.js';
import { judge } from '../outcome.js';
import { deadlineOf, type Flight, pause } from '../shared-work.js';
import { attemptOnce } from './attempt.js';
import type { StartExchange } from './exchange.js';
import type { Pacer } from './pacer.js';
import { retryDelay } from './retry-delay.js';
import type { UserClock } from './user-clock.js';
import { createViewSlots } from './view-slots.js';

/** One request, what it is for, and whom it writes to. */
export interface Work {
  operation: Operation;
  request: OneSignalRequest;
  /** The user whose lane it is in; absent where it is nobody's. */
  user?: string;
  /** The read of tag cap recovery: it takes a slot of its own kind, and stands in the hooks as what it is. */
  reads?: true;
}

/** What the sender needs. */
export interface SenderOptions {
  exchange: StartExchange;
  pacer: Pacer;
  users: UserClock;
  timeoutMs: number;
  retries: number;
  maxRetryAfterMs: number;
  onAttempt: ((attempt: Attempt) => void) | undefined;
}

/** Sends requests, paced and with the short tier of retries. */
export interface Sender {
  /** Waits until the user and the app have room; `false` if nobody waited any more. */
  ready(user: string | undefined, flight: Flight): boolean | Promise<boolean>;
  /** Gives back the room that {@link Sender.ready} gave. */
  giveBack(): void;
  /** Sends, and again where that helps. `isReady`: the room is there already. */
  send(work: Work, flight: Flight, isReady?: boolean): Promise<Verdict>;
}

/** How long nothing is sent after a refused key, so that one bad key does not become a storm (spec D5). */
const unauthorizedPauseMs = 30_000;

/**
 * The one decorator over whatever transport is given: pacing, time-outs, judging, retries.
 *
 * @internal
 */
export function createSender(options: SenderOptions): Sender {
  const { exchange, pacer, users, timeoutMs, retries, maxRetryAfterMs, onAttempt } = options;
  const views = createViewSlots();
  let unauthorized: { verdict: Verdict; at: number } | undefined;

  /** The refusal of the key, while it counts; the clock may have been set back since. */
  const refusal = (): Verdict | undefined => {
    const agoMs = Date.now() - (unauthorized?.at ?? 0);
    if (agoMs < 0 || agoMs >= unauthorizedPauseMs) unauthorized = undefined;
    return unauthorized?.verdict;
  };

  const waitForUser = async (user: string, flight: Flight): Promise<boolean> => {
    if (!(await pause(users.waitMs(user), flight))) return false;
    return pacer.acquire(flight);
  };

  const ready = (user: string | undefined, flight: Flight): boolean | Promise<boolean> =>
    user === undefined || users.waitMs(user) === 0 ? pacer.acquire(flight) : waitForUser(user, flight);

  const observe = (
    work: Work,
    attempt: number,
    startedAt: number,
    verdict: Verdict,
    status: number | undefined,
    retryInMs: number | undefined,
  ): void => {
    if (onAttempt === undefined) return;
    const seen: Attempt = {
      operation: work.reads ? 'view_user' : work.operation.type,
      attempt,
      startedAt,
      durationMs: Date.now() - startedAt,
    };
    if (status !== undefined) seen.status = status;
    if ('error' in verdict) seen.error = verdict.error;
    if (retryInMs !== undefined) seen.retryInMs = retryInMs;
    notify(onAttempt, seen);
  };

  return {
    ready,
    giveBack: () => pacer.release(),
    async send(work, flight, isReady = false) {
      let held = isReady;
      for (let attempt = 1; ; attempt++) {
        if (work.reads && !(await views.take(flight))) return { kind: 'cancelled' };
        if (!held && !(await ready(work.user, flight))) return { kind: 'cancelled' };
        held = false;
        // Asked last: the key may have been refused while this one waited for its turn.
        const refused = refusal();
        if (refused !== undefined) {
          pacer.release();
          return refused;
        }
        const startedAt = Date.now();
        const answering = attemptOnce(exchange, work.request, timeoutMs, flight);
        // Counted from when it left: until then a transport may have been busy.
        if (work.user !== undefined) users.start(work.user, Date.now());
        const answer = await answering;
        pacer.release();
        const verdict = judgeAnswer(work.operation, answer);
        if (verdict.kind === 'unauthorized') unauthorized = { verdict, at: Date.now() };
        const delayMs =
          attempt > retries ? undefined : retryDelay(verdict, attempt, maxRetryAfterMs, deadlineOf(flight));
        observe(work, attempt, startedAt, verdict, statusOf(answer), delayMs);
        if (delayMs === undefined) return verdict;
        if (!(await pause(delayMs, flight))) return { kind: 'cancelled' };
      }
    },
  };
}

/** A transport's response may be anything, getters that throw among it. */
function judgeAnswer(operation: Operation, answer: Answer): Verdict {
  try {
    return judge(operation, answer);
  } catch (thrown) {
    const what = 'got a response that cannot be read: let the transport return { status, headers, body }';
    const cause = plainCause(thrown, privateTexts(operation));
    return retryable(errorOf(operation, 'unexpected_response', what, { cause }));
  }
}

function statusOf(answer: Answer): number | undefined {
  try {
    return answer.kind === 'response' && Number.isInteger(answer.response.status) ? answer.response.status : undefined;
  } catch {
    return undefined;
  }
}
