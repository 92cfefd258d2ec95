import type { DeliveryError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Outcome } from './outcome.js';

/**
 * Remembers the newest time written, per user and tag, in unix ms, so that a late "entered" cannot undo an "exited". Fields of the profile stand among the tags as
 * `profile/language`.
 *
 * Give one that is shared (Redis, say) where several processes deliver for the same users.
 */
export interface OrderStore {
  /** The newest times, in the order of `tags`; `undefined` where nothing was written yet. */
  newest(
    user: string,
    tags: readonly string[],
  ): readonly (number | undefined)[] | Promise<readonly (number | undefined)[]>;
  /** Keeps, per tag, the later of what it has and what comes. */
  record(user: string, written: Readonly<Record<string, number>>): unknown;
  /** Forgets a user who was deleted. */
  forget(user: string): unknown;
}

/** Remembers which events were delivered, so that a redelivery does not count a purchase twice. A `Set` serves. */
export interface SeenStore {
  /** Whether the event was delivered before. */
  has(messageId: string): boolean | Promise<boolean>;
  /** Remembers an event that was delivered. */
  add(messageId: string): unknown;
}

/** Whatever needs a clock or I/O. Every option may be given as `undefined`, which means absent. */
export interface DeliveryOptions {
  /**
   * What becomes of users that OneSignal does not know: skipped `user_not_found`, created with their tags, or `retryable` while the event is under 2 minutes old.
   * @defaultValue 'skip'
   */
  missingUser?: 'skip' | 'create' | 'retry' | undefined;
  /**
   * Milliseconds for one attempt; OneSignal may take up to 100 s.
   * @defaultValue 30_000
   */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds for one `deliver` call; what is unsent then is never sent and returns `retryable`.
   * @defaultValue 120_000
   */
  deadlineMs?: number | undefined;
  /**
   * Further attempts after the first, in this process.
   * @defaultValue 2
   */
  retries?: number | undefined;
  /**
   * The longest `Retry-After`, in milliseconds, that is waited for in this process; a longer one returns `retryable` at once.
   * @defaultValue 5_000
   */
  maxRetryAfterMs?: number | undefined;
  /** Events older than this many milliseconds are skipped `too_old`; deletions never are. */
  maxAgeMs?: number | undefined;
  /**
   * Requests in flight at a time.
   * @defaultValue 64
   */
  concurrency?: number | undefined;
  /**
   * Requests a second, for the whole app; OneSignal allows 1,000.
   * @defaultValue 1_000
   */
  requestsPerSecond?: number | undefined;
  /**
   * Milliseconds between two writes to one user; OneSignal allows one a second.
   * @defaultValue 1_000
   */
  userIntervalMs?: number | undefined;
  /**
   * The order guard: `false` switches it off, a store shares it between processes.
   * @defaultValue a store in memory, bounded
   */
  order?: false | OrderStore | undefined;
  /** Guards purchases against redelivery. */
  seen?: SeenStore | undefined;
}

/** One attempt at a request. It carries no path, id, tag value or key. */
export interface Attempt {
  /** What was tried; `view_user` is the read of tag cap recovery. */
  operation: Operation['type'] | 'view_user';
  /** 1 for the first. */
  attempt: number;
  /** Unix ms. */
  startedAt: number;
  /** Milliseconds. */
  durationMs: number;
  /** The HTTP status, if an answer came. */
  status?: number;
  /** What is wrong with the answer, if anything. */
  error?: DeliveryError;
  /** Milliseconds until the next attempt, if there is one. */
  retryInMs?: number;
}

/** Synchronous observers. What they throw is ignored. */
export interface Hooks {
  /** Called after each attempt at a request. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Called once for each input, with its outcome. */
  onOutcome?: ((outcome: Outcome, input: unknown) => void) | undefined;
}
