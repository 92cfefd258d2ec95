import { maxCustomEventsBytes } from '../limits.js';
import type { OneSignalCustomEvent, SendCustomEvents } from '../operation.js';
import type { Coalesced } from '../plan.js';
import { utf8Bytes } from '../utf8.js';
import { ascending } from './ascending.js';

/** Gathers custom events of any users. */
export interface CustomEventsMerge {
  /** Adds the events of one input, later than those before. */
  add(operation: SendCustomEvents, input: number): void;
  /** Takes out what was added: as few operations as the limit of bytes allows, order kept. */
  take(): Coalesced[];
}

/**
 * Batches custom events up to OneSignal's limit of bytes a request.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 * @internal
 */
export function createCustomEventsMerge(): CustomEventsMerge {
  const added: { event: OneSignalCustomEvent; input: number }[] = [];
  return {
    add({ events }, input) {
      for (const event of events) added.push({ event, input });
    },
    take() {
      const batches: { events: OneSignalCustomEvent[]; inputs: number[] }[] = [];
      let batch: (typeof batches)[number] = { events: [], inputs: [] };
      let bytes = Number.POSITIVE_INFINITY;
      for (const { event, input } of added.splice(0)) {
        const size = utf8Bytes(JSON.stringify(event)) + separatorBytes;
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

const separatorBytes = ','.length;
const envelopeBytes = '{"events":[]}'.length;
