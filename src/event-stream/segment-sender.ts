import { systemClock as clock } from '../clock.js';
import { utf8Bytes } from '../onesignal/utf8.js';
import { maxBatchBytes, maxEventBytes, maxEventsPerBatch, maxRequestsPerSecond } from './limits.js';
import { SegmentError } from './segment-error.js';
import { createPostBatch } from './segment-requests.js';
import { checkSenderOptions, type SegmentSenderOptions, type SenderSettings } from './sender-options.js';
import type { EventStreamTrack } from './track.js';

/** Sends tracks to Segment. */
export interface SegmentSender {
  /** Resolves once Segment has accepted the track, and rejects with a `SegmentError` otherwise. */
  (track: EventStreamTrack): Promise<void>;
  /** Resolves once every track so far has been accepted or has failed. Call it before the process ends. */
  flush(): Promise<void>;
}

/**
 * Creates a sender for Segment's Tracking API, over `fetch`.
 *
 * The first track is sent at once. After that it sends at most 50 requests per second; tracks that arrive in between
 * share the next request, which holds at most 500 kB and 2,500 tracks. A 429 pauses all requests for as long as Segment
 * asks. Failed requests are repeated, which is safe because Segment deduplicates by `messageId`.
 *
 * @param options - The write key, and where to send.
 * @throws `ConfigurationError` if an option is missing, invalid or unknown.
 *
 * @example
 * ```ts
 * import { createEventStreamHandler, createSegmentSender } from 'segment-onesignal/event-stream';
 *
 * const segment = createSegmentSender({ writeKey: 'the write key of the source', region: 'eu' });
 * export const handler = createEventStreamHandler({ segment, secrets: ['the secret of the event stream'] });
 * ```
 *
 * @see {@link https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ | Segment: HTTP API}
 * @see {@link https://segment.com/docs/connections/rate-limits/ | Segment: Rate limits}
 */
export function createSegmentSender(options: SegmentSenderOptions): SegmentSender {
  const settings = checkSenderOptions(options);
  const post = createPostBatch(settings);
  const starts = createStarts(settings);
  const queue: Waiting[] = [];
  const unsettled = new Set<Promise<unknown>>();
  let isPumping = false;

  const sendBatch = async (batch: readonly Waiting[], attempt = 1): Promise<void> => {
    const problem = await post(batch.map(({ text }) => text));
    if (problem?.code === 'rate_limited') starts.pause(problem.retryAfterMs ?? 1_000);
    if (problem?.code === 'invalid_request' && batch.length > 1) {
      // One track may be the reason for all.
      const middle = Math.ceil(batch.length / 2);
      for (const half of [batch.slice(0, middle), batch.slice(middle)]) void startAndSend(half);
      return;
    }
    const delayMs = problem === undefined ? undefined : retryDelay(problem, attempt, settings);
    if (delayMs === undefined) return settle(batch, problem);
    await sleep(delayMs);
    await startAndSend(batch, attempt + 1);
  };
  const startAndSend = async (batch: readonly Waiting[], attempt = 1): Promise<void> => {
    const problem = await starts.next();
    if (problem === undefined) await sendBatch(batch, attempt);
    else settle(batch, problem);
  };
  /** One at a time, so that what comes while it waits leaves together. */
  const pump = async (): Promise<void> => {
    isPumping = true;
    while (queue.length > 0) {
      const problem = await starts.next();
      const batch = takeBatch(queue);
      if (problem === undefined) void sendBatch(batch);
      else settle(batch, problem);
    }
    isPumping = false;
  };

  const send = (track: EventStreamTrack): Promise<void> => {
    const text = JSON.stringify(track);
    const bytes = utf8Bytes(text);
    if (bytes > maxEventBytes) {
      const message = `The track exceeds ${maxEventBytes} bytes, which Segment refuses. Shorten the texts of the message.`;
      return Promise.reject(new SegmentError('event_too_large', message));
    }
    const sent = new Promise<void>((resolve, reject) => {
      queue.push({ text, bytes, settle: (problem) => (problem === undefined ? resolve() : reject(problem)) });
    });
    const settled = sent.catch(() => {}).finally(() => unsettled.delete(settled));
    unsettled.add(settled);
    if (!isPumping) void pump();
    return sent;
  };
  const flush = async (): Promise<void> => {
    while (unsettled.size > 0) await Promise.all(unsettled);
  };
  return Object.assign(send, { flush });
}

/** A track that waits, as JSON. */
interface Waiting {
  text: string;
  bytes: number;
  settle: (problem: SegmentError | undefined) => void;
}

function settle(batch: readonly Waiting[], problem: SegmentError | undefined): void {
  for (const { settle } of batch) settle(problem);
}

/** Takes as many tracks as one request may hold. */
function takeBatch(queue: Waiting[]): Waiting[] {
  let count = 0;
  // The envelope has room in what is left of 1,000 bytes; each track is followed by a comma.
  for (let bytes = 1_000; count < Math.min(queue.length, maxEventsPerBatch); count += 1) {
    bytes += (queue[count]?.bytes ?? 0) + 1;
    if (bytes > maxBatchBytes) break;
  }
  return queue.splice(0, count);
}

/** When requests may start. */
interface Starts {
  /** Waits until the next request may start. Returns a problem at once if Segment asked to wait for too long. */
  next(): Promise<SegmentError | undefined>;
  /** Lets no request start for a while. */
  pause(ms: number): void;
}

function createStarts({ maxRetryAfterMs }: SenderSettings): Starts {
  let nextAt = 0;
  let pausedUntil = 0;
  return {
    async next() {
      // Others may have gone first, or Segment may have asked to wait, while this one slept.
      for (;;) {
        const now = clock.now();
        if (pausedUntil - now > maxRetryAfterMs) {
          const message = 'Segment asked to wait before the next request.';
          return new SegmentError('rate_limited', message, { retryAfterMs: pausedUntil - now });
        }
        const waitMs = Math.max(nextAt, pausedUntil) - now;
        if (waitMs <= 0) {
          nextAt = now + 1_000 / maxRequestsPerSecond;
          return undefined;
        }
        await sleep(waitMs);
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}

const repeated = ['rate_limited', 'unavailable', 'network', 'timeout'];
const firstBackoffMs = 200;

/** Milliseconds until the next attempt; `undefined` if there is none. Full jitter, over a span that doubles. */
function retryDelay(
  { code, retryAfterMs = 0 }: SegmentError,
  attempt: number,
  { retries, maxRetryAfterMs }: SenderSettings,
): number | undefined {
  if (attempt > retries || !repeated.includes(code) || retryAfterMs > maxRetryAfterMs) return undefined;
  return Math.max(retryAfterMs, Math.ceil(clock.random() * firstBackoffMs * 2 ** attempt));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}
