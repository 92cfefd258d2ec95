/**
 * Who may send, and how much. At least one of `secrets`, `tokens` and `writeKeys`, or `allowUnsigned`.
 *
 * Segment's Tracking API (`/v1/*`, and `/v1/batch`, `/v1/identify` … under any prefix) is checked by `writeKeys`, every other path by `secrets` and by
 * `tokens`, both where both are set. A path with no check of its own is answered 401.
 */
export type WebhookOptions = {
  /**
   * The largest body in bytes, before and after decompression; a larger one is answered 413.
   *
   * @defaultValue 5,000,000: Segment's batches have up to 4 MB.
   */
  maxBytes?: number | undefined;
  /**
   * The most events in one body; more are answered 413.
   *
   * @defaultValue 5,000: a webhook batch has up to 4,000, a Tracking API batch up to 2,500.
   */
  maxEvents?: number | undefined;
  /**
   * Milliseconds from the first byte to the answer; what is undelivered then is answered as retryable, a body that is not there by then 408.
   *
   * @defaultValue 4,500: Segment waits 5 s.
   */
  deadlineMs?: number | undefined;
  /**
   * What `X-Signature` must cover where the body is an array. Segment signs only the first event, which leaves the others open to whoever has seen one
   * signed event: `'first-event'` takes that, `'whole-body'` does not.
   *
   * @defaultValue `'first-event'` where `tokens` are set, which vouch for the rest; else `'whole-body'`.
   */
  batchSignature?: 'whole-body' | 'first-event' | undefined;
  /** Shared secrets of webhook destinations, each of which may have signed (`X-Signature`); several, while one is being changed. */
  secrets?: readonly string[] | undefined;
  /** Tokens of your own, one of which must come as `Authorization: Bearer …`: set that header in the webhook destination. */
  tokens?: readonly string[] | undefined;
  /** Keys of your own, one of which a Segment library must be given as its write key. Not a source's: those are public in browsers. */
  writeKeys?: readonly string[] | undefined;
  /** `true` opens every path that has no check of its own, to anybody. For development, and behind a gateway that checks. */
  allowUnsigned?: boolean | undefined;
} & (
  | {
      /** Opens every path that has no check of its own, to anybody. */
      allowUnsigned: true;
    }
  | {
      /** Keys that a Segment library may be given as its write key. */
      writeKeys: readonly string[];
    }
  | {
      /** Tokens that may come as `Authorization: Bearer …`. */
      tokens: readonly string[];
    }
  | {
      /** Shared secrets of webhook destinations. */
      secrets: readonly string[];
    }
);
