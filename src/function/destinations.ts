import { checkDestinationOptions } from '../check-options.js';
import { createExpiringMap } from '../delivery/expiring-map.js';
import type { DeliveryOptions } from '../delivery/options.js';
import type { MappingOptions } from '../mapping/options.js';
import { createPipeline, type Deliverer } from '../pipeline.js';
import { createFetchExchange } from './fetch-exchange.js';
import { readSettings } from './settings.js';

/** What the author of a function decides, whatever the settings say besides. */
export interface FunctionOptions {
  /** What events mean; settings of the same names beat it. */
  mapping?: MappingOptions | undefined;
  /** Retries, limits, order. Unless you say otherwise: `deadlineMs` and `timeoutMs` 4,500, `retries` 1, `maxRetryAfterMs` 1,000. */
  delivery?: DeliveryOptions | undefined;
}

/** Segment ends a function after 5 s. */
const deadlineMs = 4_500;
/** Segment delivers again by itself, and bills the time that a function waits. */
const defaults = { deadlineMs, timeoutMs: deadlineMs, retries: 1, maxRetryAfterMs: 1_000 } as const;

/** A container serves several instances of a function, hardly ever this many. */
const maxDestinations = 100;

/**
 * One destination per settings, kept for as long as the container lives: it remembers what came last for each user, and a refused key.
 *
 * @throws {@link ConfigurationError} where the settings cannot work.
 * @internal
 */
export function createDestinations({ mapping, delivery }: FunctionOptions): (settings: unknown) => Deliverer {
  const known = createExpiringMap<Deliverer>(maxDestinations);

  return (settings) => {
    const read = readSettings(settings);
    const key = JSON.stringify(read);
    const found = known.get(key);
    if (found !== undefined) return found;
    const options: unknown = {
      appId: read.appId,
      apiKey: read.apiKey,
      mapping: { ...mapping, ...read.mapping },
      delivery: { ...defaults, ...given(delivery), ...read.delivery },
    };
    checkDestinationOptions(options);
    const { apiKey, authScheme } = read;
    const access = { apiKey: typeof apiKey === 'string' ? apiKey : '', authScheme };
    const startExchange = createFetchExchange(access, options.delivery?.deadlineMs ?? deadlineMs);
    const destination = createPipeline({ ...options, startExchange });
    known.set(key, destination, Number.POSITIVE_INFINITY);
    return destination;
  };
}

/** An option that is given as `undefined` is absent. */
function given(options: object = {}): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
