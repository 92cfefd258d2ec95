import type { DeliveryError, OperationType } from '../errors.js';
import type { Outcome } from './outcome.js';
import type { LimitStore, OrderStore, SeenStore } from './stores.js';

/** How events are delivered: retries, limits and order. An option that is `undefined` counts as absent. */
export interface DeliveryOptions {
  /**
   * What happens to events of users that OneSignal does not know.
   *
   * - `'skip'`: the event is skipped with reason `user_not_found`.
   * - `'create'`: the user is created with the event's tags, profile and subscriptions. An event that only removes tags
   *   creates no user and is skipped.
   * - `'retry'`: the event is `retryable` for the first 2 minutes after its timestamp, then skipped. A new user can
   *   take a minute to become visible.
   *
   * @defaultValue 'skip'
   */
  missingUser?: 'skip' | 'create' | 'retry' | undefined;
  /**
   * Timeout of one attempt in milliseconds.
   *
   * OneSignal can take up to 100,000 ms to respond. Lower it if your host has to answer sooner.
   *
   * @defaultValue 30_000
   */
  timeoutMs?: number | undefined;
  /**
   * Deadline of one `deliver` call in milliseconds. Requests that have not gone out by then are never sent, requests in
   * flight are aborted, and their events are `retryable`.
   *
   * If your host has a time limit, set the deadline a second below it.
   *
   * @defaultValue 120_000
   */
  deadlineMs?: number | undefined;
  /**
   * Number of retries after the first attempt, within this process.
   *
   * Set it to `0` if your queue already redelivers after `retryAfterMs`.
   *
   * @defaultValue 2
   */
  retries?: number | undefined;
  /**
   * Longest `Retry-After` to wait for within this process, in milliseconds. If OneSignal asks for more, the event is
   * `retryable` at once.
   *
   * Lower it where worker time is expensive.
   *
   * @defaultValue 5_000
   */
  maxRetryAfterMs?: number | undefined;
  /**
   * Maximum age of an event in milliseconds. Older events are skipped with reason `too_old`, except for deletions.
   *
   * Set it before you replay old events. Events without a readable timestamp are never too old.
   *
   * @defaultValue no limit
   */
  maxAgeMs?: number | undefined;
  /**
   * Maximum number of requests in flight.
   *
   * @defaultValue 64
   */
  concurrency?: number | undefined;
  /**
   * Maximum number of requests in any one-second window. OneSignal allows 1,000 per app.
   *
   * If several processes share an app, give each its share, or set `limits`.
   *
   * @defaultValue 1_000
   */
  requestsPerSecond?: number | undefined;
  /**
   * Minimum time between two writes to the same user in milliseconds. OneSignal allows one write per second.
   *
   * Events that arrive in the meantime are merged into the next write.
   *
   * @defaultValue 1_000
   */
  userIntervalMs?: number | undefined;
  /**
   * Order guard: drops a tag, profile field, subscription or alias with reason `stale` if a newer event has already
   * written it. Pass a store to share the guard between processes, or `false` to turn it off.
   *
   * @defaultValue a store in this process's memory, for up to 200,000 tags
   */
  order?: false | OrderStore | undefined;
  /**
   * What happens to tags, profile fields and subscriptions whose value is the last one that OneSignal accepted for the
   * user.
   *
   * - `'send'`: they are sent again.
   * - `'skip'`: they are left out (`dropped`, `unchanged`), and an event of which nothing is left is skipped as
   *   `unchanged`. Removals, deletions, aliases, purchases and custom events are always sent. A value that SDKs, the
   *   dashboard or other processes change in the meantime is written again after `unchangedMaxAgeMs` at the latest.
   *
   * Use `'skip'` if your sources repeat the same traits in every session, as most do: only what changed counts against
   * OneSignal's rate limits. It needs the order guard, and a store in `order` needs the methods `accepted` and
   * `remember`.
   *
   * @defaultValue 'send'
   */
  unchanged?: 'send' | 'skip' | undefined;
  /**
   * How long an accepted value counts as unchanged, in milliseconds. Used only with `unchanged: 'skip'`.
   *
   * @defaultValue 86_400_000 (a day)
   */
  unchangedMaxAgeMs?: number | undefined;
  /**
   * Store of the limits that all processes of the app share.
   *
   * @defaultValue none: the limits hold within this process
   */
  limits?: LimitStore | undefined;
  /**
   * Store of delivered events that keeps redeliveries from adding purchases again.
   *
   * @defaultValue none: with `mapping.purchases`, a redelivered event counts twice
   */
  seen?: SeenStore | undefined;
}

/** One attempt at a request, without any path, id, tag value or key. */
export interface Attempt {
  /**
   * Type of the operation. `view_user` reads a user's tags, `view_segment` a segment that existed before. The `error` of
   * a read names the operation that needs it, `update_user` or `ensure_segment`.
   *
   * A minor release may add types.
   */
  operation: OperationType | 'view_user' | 'view_segment';
  /** Number of the attempt, starting at 1. */
  attempt: number;
  /** Start of the attempt in Unix milliseconds. */
  startedAt: number;
  /** Duration of the attempt in milliseconds. */
  durationMs: number;
  /** HTTP status, if there was a response. */
  status?: number;
  /** What went wrong, if anything did. */
  error?: DeliveryError;
  /** Wait before the next attempt in milliseconds, if there is one. */
  retryInMs?: number;
}

/** Synchronous callbacks that observe delivery. Anything they throw is ignored. */
export interface Hooks {
  /** Called after each attempt at a request. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Called once per input, with its outcome. */
  onOutcome?: ((outcome: Outcome, input: unknown) => void) | undefined;
}
