import { createRedactor } from '../redact/redactor.js';
import { SegmentError } from './segment-error.js';
import type { EventStreamTrack } from './track.js';

/** The part of a Segment client that the handler uses. The `Analytics` of `@segment/analytics-node` has it. */
export interface SegmentClient {
  /** Sends a track, and calls back without an error once Segment has accepted it, or else with one. */
  track(track: EventStreamTrack, callback: (error?: unknown) => void): unknown;
}

/** Sends a track, or puts it into a queue. Resolves once the track is safe, and rejects otherwise. */
export type SendTrack = (track: EventStreamTrack) => Promise<unknown>;

/** A track is sent by a client or by a function. Rejects with a `SegmentError`. @internal */
export function toSendTrack(segment: SegmentClient | SendTrack): SendTrack {
  const send = typeof segment === 'function' ? segment : sendWith(segment);
  return async (track) => {
    try {
      await send(track);
    } catch (thrown) {
      throw errorOf(thrown, track);
    }
  };
}

function sendWith(client: SegmentClient): SendTrack {
  return (track) =>
    new Promise((resolve, reject) => {
      client.track(track, (error) => (error === undefined || error === null ? resolve(undefined) : reject(error)));
    });
}

function errorOf(thrown: unknown, { userId, anonymousId, messageId }: EventStreamTrack): SegmentError {
  if (thrown instanceof SegmentError) return thrown;
  const redactor = createRedactor({ ids: [userId ?? anonymousId ?? '', messageId], values: [] });
  const message = 'The client or function in "segment" failed (see "cause").';
  return new SegmentError('client', message, { cause: redactor.plainCause(thrown) });
}
