import type { DeliveryError, OperationType } from '../errors.js';
import type { Outcome } from './outcome.js';

/**
 * Stores the newest time written per user and tag, so that a late "entered" cannot undo an "exited".
 *
 * Times are Unix milliseconds. Other keys are stored among the tags: a profile field as `profile/language`, an alias
 * label as `alias/legacy_id`, the user's deletion as `user/deleted`. Push tokens, addresses and alias ids are stored in
 * place of a user, under `subscription/` or `alias/` and a digest.
 *
 * If several processes deliver for the same users, give them one shared store, for example on Redis. If a method
 * throws, rejects or hangs, its events are `retryable`.
 */
export interface OrderStore {
  /**
   * Returns the newest time of each tag, in the order of `tags`; `undefined` for a tag that was never written.
   *
   * @param user - Name of the user: the External ID, or `user/customer_id/c1` if `mapping.user` gives another label.
   */
  newest(
    user: string,
    tags: readonly string[],
  ): readonly (number | undefined)[] | Promise<readonly (number | undefined)[]>;
  /**
   * Stores the time at which each tag was written. For each tag it must keep the later of the stored and the new time.
   */
  record(user: string, written: Readonly<Record<string, number>>): unknown;
  /** Forgets everything about a user, including accepted values. It is called after the user was deleted. */
  forget(user: string): unknown;
  /**
   * Returns the value that `remember` stored last for each key, in the order of `keys`; `undefined` for a key without a
   * value. Only `unchanged: 'skip'` needs it.
   */
  accepted?(
    user: string,
    keys: readonly string[],
  ): readonly (AcceptedValue | undefined)[] | Promise<readonly (AcceptedValue | undefined)[]>;
  /**
   * Stores the value that OneSignal accepted for each key, whatever was stored before; `undefined` removes it. It may
   * forget values at any time. Only `unchanged: 'skip'` needs it.
   */
  remember?(user: string, values: Readonly<Record<string, AcceptedValue | undefined>>): unknown;
}

/** A value that OneSignal accepted, as an {@link OrderStore} stores it: `{ digest: '1dk2l8a0x93kq2', atMs: 1796083200000 }`. */
export interface AcceptedValue {
  /** Short string that differs if the value differs. */
  readonly digest: string;
  /** When OneSignal accepted the value, in Unix milliseconds. */
  readonly atMs: number;
}

/** An order store that also keeps accepted values. */
export type ValueStore = OrderStore & Required<Pick<OrderStore, 'accepted' | 'remember'>>;

/**
 * Stores delivered events, so that a redelivered event does not add its purchases again. A `Set` works within one
 * process. The key of an event is its `messageId`, a slash and the user's id, because Engage sends one message for
 * several users.
 */
export interface SeenStore {
  /** Returns whether the event was delivered before. If it throws, rejects or hangs, the event is `retryable`. */
  has(key: string): boolean | Promise<boolean>;
  /**
   * Stores an event whose purchases OneSignal accepted. If it throws or rejects, the outcome has the warning
   * `purchase_not_remembered`; if it hangs, the event is `retryable`.
   */
  add(key: string): unknown;
}

/**
 * Shares the limits of one OneSignal app between processes, for example on Redis: the request rate, the pause after a
 * refused key, and the plan's tag limit as far as it is known.
 *
 * If `reserve` throws, rejects or hangs, nothing is sent, and events whose deadline passes are `retryable`.
 */
export interface LimitStore {
  /** Reserves up to `count` requests for this process, and returns the findings of other processes. */
  reserve(count: number): Promise<Reservation>;
  /** Stores a finding of this process for the others. */
  share(finding: LimitFinding): unknown;
}

/** Requests that a process may send: `{ afterMs: [0, 1.2, 2.3], validMs: 50 }`. */
export interface Reservation {
  /**
   * One number for each reserved request: it may be sent this many milliseconds after the answer at the earliest. There
   * are fewer than requested if other processes have reserved the near future.
   */
  readonly afterMs: readonly number[];
  /** How late a reserved request may be sent, in milliseconds. After that it has to be reserved again. */
  readonly validMs: number;
  /** If nothing was reserved: when to ask again, in milliseconds. */
  readonly againMs?: number | undefined;
  /** How long nothing may be sent because OneSignal refused the key, in milliseconds. */
  readonly keyRefusedForMs?: number | undefined;
  /** The fewest tags of a user that OneSignal has refused. */
  readonly tagsRefused?: RefusedTags | undefined;
}

/** A number of tags that OneSignal refused: `{ count: 11, forMs: 600_000 }`. */
export interface RefusedTags {
  /** Number of tags that the user would have had. */
  readonly count: number;
  /** How long to remember it, in milliseconds: the plan may be upgraded. */
  readonly forMs: number;
}

/** What a process has found out about the app: exactly one of these. */
export interface LimitFinding {
  /** OneSignal refused the key, so no process should send anything for this many milliseconds. */
  readonly keyRefusedForMs?: number | undefined;
  /** OneSignal refused this many tags of a user. */
  readonly tagsRefused?: RefusedTags | undefined;
  /** OneSignal accepted this many tags of a user, so the plan has been upgraded. */
  readonly tagsAccepted?: number | undefined;
}

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
  /** Type of the operation. `view_user` reads a user's tags, `view_segment` a segment that existed before. */
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
