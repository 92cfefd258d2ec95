import { checkDestinationOptions } from './check-options.js';
import type { DeliveryOptions, Hooks } from './delivery/options.js';
import { exchangeOver } from './delivery/sending/exchange.js';
import type { MappingOptions } from './mapping/options.js';
import { createOneSignalTransport } from './onesignal/client.js';
import type { Transport } from './onesignal/transport.js';
import { createPipeline, type Destination, type PipelineOptions } from './pipeline.js';

// Written out in place of type-fest's RequireExactlyOne, which refuses `transport: undefined` under
// exactOptionalPropertyTypes. Errors of the compiler are about the last variant: `apiKey` is the one people forget.
/** A OneSignal app and how to reach it. Pass exactly one of `apiKey` and `transport`. */
export type DestinationOptions = {
  /**
   * App ID in OneSignal, a UUID (dashboard, Settings > Keys & IDs). `undefined`, as from `process.env`, is an error at
   * run time.
   */
  appId: string | undefined;
  /**
   * How events become operations on OneSignal.
   *
   * @defaultValue the default rules, without any opt-in
   */
  mapping?: MappingOptions | undefined;
  /**
   * How operations are delivered: retries, limits and order.
   *
   * @defaultValue the default of each option of {@link DeliveryOptions}
   */
  delivery?: DeliveryOptions | undefined;
  /**
   * Callbacks that observe attempts and outcomes.
   *
   * @defaultValue none
   */
  hooks?: Hooks | undefined;
} & (
  | {
      /** Sends the requests in place of the default transport. It adds the API key itself. */
      transport: Transport;
      /** Cannot be combined with `transport`. */
      apiKey?: undefined;
      /** Cannot be combined with `transport`, which has its own scheme. */
      authScheme?: undefined;
    }
  | {
      /**
       * App API key for the default transport (dashboard, Settings > Keys & IDs). `undefined`, as from `process.env`,
       * is an error at run time.
       */
      apiKey: string | undefined;
      /**
       * Scheme of the `Authorization` header.
       *
       * @defaultValue `'Basic'` for a legacy REST API key (48 letters and digits), otherwise `'Key'`
       */
      authScheme?: 'Key' | 'Basic' | undefined;
      /** Cannot be combined with `apiKey`. */
      transport?: undefined;
    }
);

/**
 * Creates a destination, which maps Segment events and delivers them to one OneSignal app.
 *
 * `deliver` returns one outcome per event. Switch over its `status`: `delivered`, `skipped` (nothing to do),
 * `retryable` (deliver it again after `retryAfterMs`) or `failed` (will never work as it is).
 *
 * Creating a destination does no I/O and starts no timer. On Cloudflare Workers, create one per request.
 *
 * @throws {@link ConfigurationError} if an option is missing, invalid or unknown. The message names it and says what to
 * do.
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * const [outcome] = await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * if (outcome.status === 'retryable') console.log(`again in ${outcome.retryAfterMs ?? 0} ms`);
 * ```
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}, whose
 * mapping it follows by default.
 */
export function createDestination(options: DestinationOptions): Destination {
  return createDestinationAt(options, undefined);
}

/**
 * The same, with a clock.
 *
 * @internal
 */
export function createDestinationAt(options: DestinationOptions, clock: PipelineOptions['clock']): Destination {
  checkDestinationOptions(options);
  const { apiKey = '', authScheme, transport = createOneSignalTransport({ apiKey, authScheme }), ...rest } = options;
  return createPipeline({ ...rest, clock, startExchange: exchangeOver(transport) });
}
