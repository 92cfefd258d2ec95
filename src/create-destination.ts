import { checkDestinationOptions } from './check-options.js';
import type { DeliveryOptions, Hooks } from './delivery/options.js';
import { exchangeOver } from './delivery/sending/exchange.js';
import type { MappingOptions } from './mapping/options.js';
import { createOneSignalTransport } from './onesignal/client.js';
import type { Transport } from './onesignal/transport.js';
import { createPipeline, type Destination } from './pipeline.js';

/** A OneSignal app and how to reach it: exactly one of `apiKey` and `transport`. */
export type DestinationOptions = {
  /** OneSignal's id of the app, a UUID (Settings > Keys & IDs). */
  appId: string;
  /** What events mean. */
  mapping?: MappingOptions | undefined;
  /** Retries, limits, order. */
  delivery?: DeliveryOptions | undefined;
  /** Observers. */
  hooks?: Hooks | undefined;
} & (
  | {
      /** A transport of your own. */
      transport: Transport;
      /** Not besides a transport: the transport holds the key. */
      apiKey?: undefined;
    }
  | {
      /** An App API key; the default transport is made with it. */
      apiKey: string;
      /** Not besides a key. */
      transport?: undefined;
    }
);

/**
 * Joins mapping and delivery for one OneSignal app. Cheap: no I/O and no timer before the first `deliver`; on Workers make one per request.
 *
 * Shape: `const [outcome] = await destination.deliver([event])`, then switch over `outcome.status`:
 * `delivered`, `skipped` (nothing to do), `retryable` (deliver again, not before `retryAfterMs`), `failed` (will never work as it is).
 *
 * @throws {@link ConfigurationError} where an option cannot work; its message names the option and says what to do.
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * const [outcome] = await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * if (outcome.status === 'retryable') console.log(`again in ${outcome.retryAfterMs ?? 0} ms`);
 * ```
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal, whose mapping it follows}
 */
export function createDestination(options: DestinationOptions): Destination {
  checkDestinationOptions(options);
  const { appId, mapping, delivery, hooks } = options;
  const transport = options.transport ?? createOneSignalTransport({ apiKey: options.apiKey });
  return createPipeline({ appId, startExchange: exchangeOver(transport), mapping, delivery, hooks });
}
