import { optionsOf } from '../known-options.js';
import { integer, isString, mustBe, type Rule } from '../option-rules.js';

/** Options of the stores on Redis. An option that is `undefined` counts as absent. */
export interface RedisStoreOptions {
  /**
   * Beginning of the store's keys, without braces. If several OneSignal apps share a Redis, give each app its own
   * prefix.
   *
   * @defaultValue `'segment-onesignal:order:'`, `'segment-onesignal:seen:'` for the store of seen events
   */
  prefix?: string | undefined;
  /**
   * How long Redis remembers a user or an event after the last write, in milliseconds. Set it longer than the time for
   * which an event may be late or redelivered.
   *
   * @defaultValue 2_592_000_000 (30 days)
   */
  ttlMs?: number | undefined;
}

const defaultTtlMs = 30 * 24 * 60 * 60 * 1_000;

/** Braces before those of the user would decide where Redis Cluster keeps the key. */
export const prefixRule: Rule = mustBe('a string without braces', (value) => isString(value) && !/[{}]/.test(value));
const checkOptions = optionsOf({ prefix: prefixRule, ttlMs: integer(1) });

/** Checks the options, and fills in what is absent. @internal */
export function readStoreOptions(options: RedisStoreOptions, defaultPrefix: string): { prefix: string; ttl: string } {
  checkOptions(options, '');
  const { prefix = defaultPrefix, ttlMs = defaultTtlMs } = options;
  return { prefix, ttl: String(ttlMs) };
}
