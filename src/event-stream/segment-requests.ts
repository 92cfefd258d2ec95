import { systemClock as clock } from '../clock.js';
import { readRetryAfter } from '../delivery/judging/response.js';
import { createRedactor, type Redactor } from '../redact/redactor.js';
import { SegmentError } from './segment-error.js';

/** What requests to Segment have in common. */
export interface SegmentAccess {
  url: string;
  writeKey: string;
  timeoutMs: number;
  /** Absent: the global `fetch`, looked up for each request. */
  fetch: typeof globalThis.fetch | undefined;
}

/**
 * Posts a batch of tracks, each of which is JSON.
 *
 * @returns `undefined` if Segment took it, or why not.
 * @internal
 */
export type PostBatch = (tracks: readonly string[]) => Promise<SegmentError | undefined>;

/** @internal */
export function createPostBatch({ url, writeKey, timeoutMs, fetch }: SegmentAccess): PostBatch {
  const credentials = btoa(`${writeKey}:`);
  const headers = { authorization: `Basic ${credentials}`, 'content-type': 'application/json' };
  const redactor = createRedactor({ ids: [writeKey, credentials], values: [] });
  return async (tracks) => {
    // Segment corrects the times of events by the difference between this time and its own clock.
    const body = `{"batch":[${tracks.join()}],"sentAt":"${new Date(clock.now()).toISOString()}"}`;
    const expiry = new AbortController();
    const stop = clock.after(timeoutMs, () => expiry.abort());
    try {
      const response = await (fetch ?? globalThis.fetch)(url, {
        ...{ method: 'POST', headers, body, signal: expiry.signal },
        // Following a redirect would send the events to a host that nobody configured.
        redirect: 'manual',
      });
      // Unread, it would keep the connection.
      response.body?.cancel().catch(() => {});
      return problemOf(response);
    } catch (thrown) {
      return expiry.signal.aborted
        ? new SegmentError('timeout', `Segment did not answer within ${timeoutMs} ms.`)
        : noResponse(thrown, redactor);
    } finally {
      stop();
    }
  };
}

function noResponse(thrown: unknown, { plainCause }: Redactor): SegmentError {
  return new SegmentError('network', 'The request to Segment got no response.', { cause: plainCause(thrown) });
}

/** Segment answers 200 for nearly everything that it accepts, and 400 for what is too large or not JSON. */
function problemOf({ status, headers }: Response): SegmentError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const retryAfterMs = readRetryAfter(headers) ?? resetOf(headers);
  const detail = { status, retryAfterMs };
  const answered = `Segment answered with ${status}`;
  if (status === 429) return new SegmentError('rate_limited', `${answered}: too many requests.`, detail);
  if (status === 408) return new SegmentError('timeout', `${answered}: it waited too long for the request.`, detail);
  if (status >= 500) return new SegmentError('unavailable', `${answered}.`, detail);
  if (status === 401 || status === 403) {
    return new SegmentError('unauthorized', `${answered}. Check the write key and the region of the source.`, detail);
  }
  if (status === 400 || status === 413) {
    return new SegmentError('invalid_request', `${answered}: it refuses the track.`, detail);
  }
  return new SegmentError('unexpected_response', `${answered}. Check baseUrl, and any proxy.`, detail);
}

/** `X-RateLimit-Reset`, which is in seconds like `Retry-After`. */
function resetOf(headers: Headers): number | undefined {
  const reset = headers.get('x-ratelimit-reset');
  return reset === null ? undefined : readRetryAfter({ 'retry-after': reset });
}
