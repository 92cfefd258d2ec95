import { optionsOf } from '../known-options.js';
import { isString, mustBe, type Rules } from '../option-rules.js';
import { clientRule, type RedisClient } from '../redis/client.js';
import { createScriptRunner } from '../redis/scripts.js';

/** Where a fleet keeps its events. All receivers and workers of a fleet pass the same options. */
export interface FleetOptions {
  /** Your client of ioredis or node-redis, connected: the same as for `segment-onesignal/redis`. */
  connection: RedisClient;
  /**
   * Name of the queue. If several OneSignal apps share a Redis, give each its own queue.
   *
   * With the default, the keys of the queue begin with `segment-onesignal:{segment-events}:`, and those of the stores
   * that workers share with `segment-onesignal:segment-events:`. A Redis ACL has to allow both.
   *
   * @defaultValue `'segment-events'`
   */
  queue?: string | undefined;
}

/** Runs a script on the keys of a queue. */
export type RunOnQueue = (script: string, args: readonly (string | number)[]) => Promise<unknown>;

/** Braces would decide where Redis Cluster keeps the keys. */
const queueRule = mustBe('a non-empty string without braces', (value) => isString(value) && /^[^{}]+$/.test(value));

const defaultQueue = 'segment-events';

/** Checks options that include those of {@link FleetOptions}. @internal */
export function checkFleetOptions(options: FleetOptions, others: Rules): void {
  optionsOf({ connection: clientRule, queue: queueRule, ...others }, 'connection')(options, '');
}

/** @internal */
export function onQueue({ connection, queue = defaultQueue }: FleetOptions): RunOnQueue {
  const run = createScriptRunner(connection);
  const base = `segment-onesignal:{${queue}}:`;
  return (script, args) => run(script, [base], args.map(String));
}

/** Beginning of the keys of a store that belongs to the queue. They are spread over a cluster by user. @internal */
export function prefixOf({ queue = defaultQueue }: FleetOptions, kind: string): string {
  return `segment-onesignal:${queue}:${kind}:`;
}
