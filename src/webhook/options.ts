/**
 * Who may send events, and how much. Set at least one of `secrets`, `tokens`, `writeKeys` and `allowUnsigned`.
 *
 * `writeKeys` protects the Tracking API: every path under `/v1/`, and `/v1/batch`, `/v1/identify` … under any prefix.
 * `secrets` and `tokens` protect all other paths; if both are set, both are checked. A path without a configured check
 * is answered with 401.
 */
export type WebhookHandlerOptions = {
  /**
   * Maximum size of a body in bytes, before and after decompression. A larger body is answered with 413.
   *
   * @defaultValue 5,000,000, because Segment's batches have up to 4 MB
   */
  maxBytes?: number | undefined;
  /**
   * Maximum number of events in one body. More are answered with 413.
   *
   * @defaultValue 5,000, because a webhook batch has up to 4,000 events and a Tracking API batch up to 2,500
   */
  maxEvents?: number | undefined;
  /**
   * Maximum number of bodies that are unpacked, checked and parsed at the same time. Others wait for their turn; a body
   * whose turn does not come within `deadlineMs` is answered with 503.
   *
   * Raise it only together with the memory of the process: parsing the worst body of 5 MB takes about 100 MB.
   *
   * @defaultValue 4
   */
  maxConcurrentBodies?: number | undefined;
  /**
   * Maximum number of bytes that all bodies hold in memory together, from their arrival to their answer. A body that
   * would exceed it is answered with 503, so that Segment sends it again.
   *
   * It must be at least twice `maxBytes` plus 1,000,000, because a gzip body is in memory both packed and unpacked.
   *
   * @defaultValue 8 times `maxBytes`, but at least 40,000,000
   */
  maxBufferedBytes?: number | undefined;
  /**
   * Milliseconds from the start of the request to the answer.
   *
   * Events that are not delivered by then are answered as retryable; a body that has not arrived by then is answered
   * 408.
   *
   * @defaultValue 4,500, because Segment waits 5 seconds
   */
  deadlineMs?: number | undefined;
  /**
   * How much of a JSON array `X-Signature` must cover. Needs `secrets`.
   *
   * Segment signs only the first event of a batch, so anyone who has seen one signed event can append others to it.
   * `'first-event'` accepts such a signature, `'whole-body'` does not.
   *
   * @defaultValue `'first-event'` if `tokens` is set, because a token covers the whole request; else `'whole-body'`
   */
  batchSignature?: 'whole-body' | 'first-event' | undefined;
  /**
   * Shared secrets of your webhook destinations. `X-Signature` must match one of them.
   *
   * List the old and the new secret while you rotate it.
   *
   * @defaultValue none: signatures are not checked
   */
  secrets?: readonly string[] | undefined;
  /**
   * Tokens that you choose. Requests must carry one as `Authorization: Bearer …`; set that header in the webhook
   * destination.
   *
   * @defaultValue none: tokens are not checked
   */
  tokens?: readonly string[] | undefined;
  /**
   * Keys that you choose. Segment libraries must use one as their write key.
   *
   * Do not use the write key of a Segment source: browsers show it to everyone.
   *
   * @defaultValue none: paths of the Tracking API answer 401, unless `allowUnsigned` is set
   */
  writeKeys?: readonly string[] | undefined;
  /**
   * Set it to `true` to accept events from anyone on paths without a configured check.
   *
   * For development, or behind a gateway that checks the sender.
   *
   * @defaultValue `false`
   */
  allowUnsigned?: boolean | undefined;
} & (
  | {
      /** Accepts events from anyone on paths without a configured check. */
      allowUnsigned: true;
    }
  | {
      /** Keys that Segment libraries use as their write key. */
      writeKeys: readonly string[];
    }
  | {
      /** Tokens that requests carry as `Authorization: Bearer …`. */
      tokens: readonly string[];
    }
  | {
      /** Shared secrets of your webhook destinations. */
      secrets: readonly string[];
    }
);
