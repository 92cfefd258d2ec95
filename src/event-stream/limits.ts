/**
 * Limits of Segment's Tracking API, in bytes of UTF-8.
 *
 * Segment says 32 KB and 500 KB; these hold whether a KB has 1,000 or 1,024 bytes.
 *
 * @see {@link https://segment.com/docs/connections/rate-limits/ | Segment: Rate limits}
 */
export const maxEventBytes = 32_000;
/** Of a whole request. */
export const maxBatchBytes = 500_000;
/** Segment drops what goes beyond, although it answers 200. */
export const maxEventsPerBatch = 2_500;
/**
 * Requests in a second that Segment allows its partners.
 *
 * @see {@link https://segment.com/docs/partners/streams/ | Segment: Streams}
 */
export const maxRequestsPerSecond = 50;
/** Segment documents 100 characters at most. */
export const maxMessageIdCharacters = 100;
