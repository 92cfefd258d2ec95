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

/** Over HTTP, by the default transport. A user may be written to without a pause unless a test says otherwise. */
export function destinationAt(url: string, { mapping, delivery, hooks }: Settings = {}): Destination {
  return destinationOn(createOneSignalTransport({ apiKey, baseUrl: url }), { mapping, delivery, hooks });
}

/** By a transport of the test's. */
export function destinationOn(
  transport: Transport,
  { mapping, delivery, hooks }: { [Key in keyof Settings]?: Settings[Key] | undefined } = {},
): Destination {
  return createDestination({ appId, transport, mapping, hooks, delivery: { userIntervalMs: 0, ...delivery } });
}
