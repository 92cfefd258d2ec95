import type { DeliveryError } from '../errors.js';
import type { EnsureSegment } from '../onesignal/operation.js';
import { toRequest } from '../onesignal/request.js';
import { createExpiringMap } from './expiring-map.js';
import type { Verdict } from './judging/verdict.js';
import { type Entry, finish, hold } from './pending-input.js';
import type { Sender } from './sending/sender.js';
import { board, createFlight, type Flight, land } from './shared-work.js';

const ensuredMs = 60 * 60 * 1000;
const refusedMs = 10 * 60 * 1000;
const maxRemembered = 1_000;

/** Ensures segments, each once an hour. */
export interface Segments {
  /** Ensures a segment for an input whose tags were accepted; adds to its outcome and finishes one piece of its work. */
  ensure(operation: EnsureSegment, entry: Entry): void;
}

/**
 * Remembers segments that are there, and those that OneSignal refused; concurrent wishes for one segment share a request.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-segments | OneSignal: Create segment}
 * @internal
 */
export function createSegments(sender: Sender, appId: string): Segments {
  const remembered = createExpiringMap<{ refused?: DeliveryError }>(maxRemembered);
  const underWay = new Map<string, { flight: Flight; entries: Entry[] }>();

  const send = async (key: string, operation: EnsureSegment, flight: Flight, entries: Entry[]): Promise<void> => {
    const verdict = await sender.send({ operation, request: toRequest(operation, appId) }, flight);
    // A cancelled one may have been replaced by another that began meanwhile.
    if (underWay.get(key)?.flight === flight) underWay.delete(key);
    land(flight);
    if (verdict.kind === 'accepted') remembered.set(key, {}, ensuredMs);
    if (verdict.kind === 'warned') remembered.set(key, { refused: verdict.error }, refusedMs);
    for (const entry of entries) report(entry, verdict);
  };

  return {
    ensure(operation, entry) {
      const key = JSON.stringify(operation.filters);
      const known = remembered.get(key);
      if (known !== undefined) {
        report(
          entry,
          known.refused === undefined
            ? { kind: 'accepted', body: undefined }
            : { kind: 'warned', error: known.refused },
        );
        return;
      }
      const joined = underWay.get(key);
      if (joined !== undefined && !joined.flight.cancelled) {
        board(joined.flight, entry);
        joined.entries.push(entry);
        return;
      }
      const started = { flight: createFlight([entry]), entries: [entry] };
      underWay.set(key, started);
      void send(key, operation, started.flight, started.entries);
    },
  };
}

/** A segment turns what was delivered into retryable at most: what failed or is to come back stays as it is (spec D5b). */
function report(entry: Entry, verdict: Verdict): void {
  if (verdict.kind === 'accepted') entry.applied.add('ensure_segment');
  if (verdict.kind === 'warned') entry.warnings.push(verdict.error);
  const isRetryable = verdict.kind === 'retryable' || verdict.kind === 'unauthorized';
  if (isRetryable && entry.result.status === 'delivered') hold(entry, verdict.error, verdict.retryAfterMs);
  finish(entry);
}
