import { createDestination } from '../../src/create-destination.js';
import type { DeliveryOptions, Hooks } from '../../src/delivery/options.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import { createOneSignalTransport } from '../../src/onesignal/client.js';
import type { Transport } from '../../src/onesignal/transport.js';
import type { Destination } from '../../src/pipeline.js';

export const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
export const apiKey = 'os_v2_app_harness_key';

export interface Settings {
  mapping?: MappingOptions;
  delivery?: DeliveryOptions;
  hooks?: Hooks;
}

/** A destination on the default transport. Writes to a user need no pause unless a test says otherwise. */
export function destinationAt(url: string, { mapping, delivery, hooks }: Settings = {}): Destination {
  return destinationOn(createOneSignalTransport({ apiKey, baseUrl: url }), { mapping, delivery, hooks });
}

/** A destination on the test's own transport. */
export function destinationOn(
  transport: Transport,
  { mapping, delivery, hooks }: { [Key in keyof Settings]?: Settings[Key] | undefined } = {},
): Destination {
  return createDestination({ appId, transport, mapping, hooks, delivery: { userIntervalMs: 0, ...delivery } });
}
