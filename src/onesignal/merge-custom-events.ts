import { maxCustomEventsBytes } from './limits.js';
import type { OneSignalCustomEvent, SendCustomEvents } from './operation.js';
import type { Coalesced } from './plan.js';
import { utf8Bytes } from './utf8.js';

/** Gathers custom events of any users. */
export interface CustomEventsMerge {
  /** Adds the events of one input, later than those before. */
  add(operation: SendCustomEvents, input: number): void;
  /** Whether nothing was added yet. */
  isEmpty(): boolean;
  /** Whether an event of this user is among them. */
  hasUser(externalId: string): boolean;
  /** As few operations as the limit of bytes allows, order kept. */
  operations(): Coalesced[];
}

/**
 * Batches custom events up to OneSignal's limit of bytes a request.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 * @internal
 */
export function createCustomEventsMerge(): CustomEventsMerge {
  const added: { event: OneSignalCustomEvent; input: number }[] = [];
  const users = new Set<string>();

  return {
    add({ events }, input) {
      for (const event of events) {
        added.push({ event, input });
        users.add(event.external_id);
      }
    },
    isEmpty: () => added.length === 0,
    hasUser: (externalId) => users.has(externalId),
    operations() {
      const batches: { events: OneSignalCustomEvent[]; inputs: Set<number> }[] = [];
      let bytes = Number.POSITIVE_INFINITY;
      for (const { event, input } of added) {
        const size = utf8Bytes(JSON.stringify(event)) + separatorBytes;
        if (bytes + size > maxCustomEventsBytes) {
          batches.push({ events: [], inputs: new Set() });
          bytes = envelopeBytes;
        }
        bytes += size;
        batches.at(-1)?.events.push(event);
        batches.at(-1)?.inputs.add(input);
      }
      return batches.map(({ events, inputs }) => ({
        operation: { type: 'send_custom_events', events },
        inputs: [...inputs],
      }));
    },
  };
}

const separatorBytes = ','.length;
const envelopeBytes = '{"events":[]}'.length;
