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
  readonly retryAfterMs?: number | undefined;
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
