import { maxCustomEventsBytes } from '../limits.js';
import type { OneSignalCustomEvent, SendCustomEvents } from '../operation.js';
import type { Coalesced } from '../plan.js';
import { utf8Bytes } from '../utf8.js';
import { ascending } from './by-time.js';

/** Collects the custom events of all users. */
export interface CustomEventsMerge {
  /** Adds the events of an input after those added before. */
  add(operation: SendCustomEvents, input: number): void;
  /** Returns the events in as few operations as possible, in order, and forgets them. */
  take(): Coalesced[];
}

const separatorBytes = ','.length;
const envelopeBytes = '{"events":[]}'.length;

/**
 * Batches custom events up to OneSignal's limit of bytes per request (S2).
 *
 * @internal
 */
export function createCustomEventsMerge(): CustomEventsMerge {
  const added: { event: OneSignalCustomEvent; input: number }[] = [];
  return {
    add({ events }, input) {
      for (const event of events) added.push({ event, input });
    },
    take() {
      const taken = added.splice(0);
      // A single event needs no batching, and measuring it would mean stringifying it.
      const sizeOf = taken.length === 1 ? () => 0 : sizeInBatch;
      const batches: { events: OneSignalCustomEvent[]; inputs: number[] }[] = [];
      let batch: (typeof batches)[number] = { events: [], inputs: [] };
      let bytes = Number.POSITIVE_INFINITY;
      for (const { event, input } of taken) {
        const size = sizeOf(event);
        if (bytes + size > maxCustomEventsBytes) {
          batch = { events: [], inputs: [] };
          batches.push(batch);
          bytes = envelopeBytes;
        }
        bytes += size;
        batch.events.push(event);
        batch.inputs.push(input);
      }
      return batches.map(({ events, inputs }) => ({
        operation: { type: 'send_custom_events', events },
        inputs: ascending(inputs),
      }));
    },
  };
}

function sizeInBatch(event: OneSignalCustomEvent): number {
  return utf8Bytes(JSON.stringify(event)) + separatorBytes;
}
