import { checkDestinationOptions } from '../check-options.js';
import { systemClock } from '../clock.js';
import { createExpiringMap } from '../delivery/expiring-map.js';
import type { DeliveryOptions } from '../delivery/options.js';
import { optionsOf } from '../known-options.js';
import type { MappingOptions } from '../mapping/options.js';
import { createPipeline, type Deliverer } from '../pipeline.js';
import { createFetchExchange } from './fetch-exchange.js';
import { readSettings } from './settings.js';

/** Options that apply to every instance of the function. */
export interface SegmentFunctionOptions {
  /**
   * How events are mapped. A setting of the same name wins.
   *
   * @defaultValue the default rules, without any opt-in
   */
  mapping?: MappingOptions | undefined;
  /**
   * Retries, limits and order.
   *
   * @defaultValue `{ deadlineMs: 4_500, timeoutMs: 4_500, retries: 1, maxRetryAfterMs: 1_000 }`, because Segment ends a
   * function after 5 seconds, bills the time it waits and redelivers on its own
   */
  delivery?: DeliveryOptions | undefined;
}

/** Segment ends a function after 5 seconds. */
const deadlineMs = 4_500;
/** Few retries and short waits: Segment redelivers by itself, and bills the time that a function waits. */
const defaults = { deadlineMs, timeoutMs: deadlineMs, retries: 1, maxRetryAfterMs: 1_000 } as const;

/** A container serves several instances of a function, but rarely this many. */
const maxDestinations = 100;

/**
 * Returns the destination for an instance's settings.
 *
 * A destination is kept for as long as the container lives, because it remembers the newest write of each user and a
 * refused key.
 *
 * @throws {@link ConfigurationError} if the settings are invalid.
 * @internal
 */
export function createDestinations(options: SegmentFunctionOptions): (settings: unknown) => Deliverer {
  const known = createExpiringMap<Deliverer>(maxDestinations, systemClock);

  return (given) => {
    // Their values are checked below, together with the settings.
    optionsOf({ mapping: () => {}, delivery: () => {} })(options, '');
    const { mapping, delivery } = options;
    const read = readSettings(given);
    const key = JSON.stringify(read);
    const found = known.get(key);
    if (found !== undefined) return found;
    const checked: unknown = {
      ...withoutUndefined({ appId: read.appId, apiKey: read.apiKey, authScheme: read.authScheme }),
      mapping: { ...mapping, ...read.mapping },
      delivery: { ...defaults, ...withoutUndefined(delivery), ...read.delivery },
    };
    checkDestinationOptions(checked);
    const startExchange = createFetchExchange(checked, checked.delivery?.deadlineMs ?? deadlineMs);
    const destination = createPipeline({ ...checked, startExchange });
    known.set(key, destination, Number.POSITIVE_INFINITY);
    return destination;
  };
}

/** An option whose value is `undefined` must not replace its default. */
function withoutUndefined(options: object = {}): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
