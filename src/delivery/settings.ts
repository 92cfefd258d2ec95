import type { DeliveryOptions } from './options.js';

const defaults = {
  missingUser: 'skip',
  timeoutMs: 30_000,
  deadlineMs: 120_000,
  retries: 2,
  maxRetryAfterMs: 5_000,
  maxAgeMs: Number.POSITIVE_INFINITY,
  concurrency: 64,
  requestsPerSecond: 1_000,
  userIntervalMs: 1_000,
  unchanged: 'send',
  unchangedMaxAgeMs: 24 * 60 * 60 * 1000,
} as const;

type Defaulted = keyof typeof defaults;

/** Delivery options with their defaults filled in. */
export type DeliverySettings = Omit<DeliveryOptions, Defaulted> & {
  readonly [Name in Defaulted]: NonNullable<DeliveryOptions[Name]>;
};

/** Fills in the defaults; an option given as `undefined` counts as absent. @internal */
export function withDefaults(options: DeliveryOptions): DeliverySettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
