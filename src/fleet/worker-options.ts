import { checkDestinationOptions } from '../check-options.js';
import type { DestinationOptions } from '../create-destination.js';
import { checkUnder, integer, isFunction, mustBe, refuse } from '../option-rules.js';
import { isRecord } from '../record.js';
import type { FleetNotice } from './notice.js';
import { checkFleetOptions, type FleetOptions } from './options.js';

/** Options of `createFleetWorker`. */
export interface FleetWorkerOptions extends FleetOptions {
  /**
   * Options of the destination, as for `createDestination`. The worker creates it, with Redis stores for the order
   * guard, the seen events and the app's limits unless you pass your own.
   *
   * All workers together send at most `delivery.requestsPerSecond` less a tenth, which is a margin for requests that
   * take longer than others. `delivery.order: false` is refused.
   */
  destination: DestinationOptions;
  /**
   * How long a worker owns its partitions without renewing its lease, in milliseconds. After a crash, other workers
   * take over as soon as this time has passed.
   *
   * @defaultValue 10_000
   */
  leaseMs?: number | undefined;
  /**
   * Maximum number of events in the memory of this process.
   *
   * @defaultValue 8_000
   */
  maxInFlight?: number | undefined;
  /**
   * How long `close` waits for the events in flight, in milliseconds. Set it below the time that your
   * host gives a process to stop: 10 seconds in Docker, 30 in Kubernetes.
   *
   * @defaultValue 8_000
   */
  closeTimeoutMs?: number | undefined;
  /**
   * How long a repair is possible after a worker died or froze, in milliseconds.
   *
   * One of its requests may still reach OneSignal late. So the events that other workers deliver for the same users are
   * kept for this long, and delivered again if it happens. A worker that is frozen for longer, and still has an open
   * connection to OneSignal afterwards, can leave an old value behind.
   *
   * @defaultValue 3_600_000 (an hour)
   */
  repairMs?: number | undefined;
  /**
   * Whether settings with which Redis may lose events are an error instead of a notice.
   *
   * @defaultValue false
   */
  strict?: boolean | undefined;
  /**
   * Called with each notice. Anything it throws is ignored.
   *
   * @defaultValue none: notices are discarded
   */
  onNotice?: ((notice: FleetNotice) => void) | undefined;
}

/** @internal */
export function checkWorkerOptions(options: FleetWorkerOptions): void {
  checkFleetOptions(options, {
    destination: () => {},
    leaseMs: integer(1_000),
    maxInFlight: integer(1),
    closeTimeoutMs: integer(0),
    repairMs: integer(1),
    strict: mustBe('true or false', (value) => typeof value === 'boolean'),
    onNotice: mustBe('a function', isFunction),
  });
  const { destination } = options;
  if (!isRecord(destination))
    refuse('missing', 'destination', '"destination" is missing. Pass the options of createDestination.');
  if ('deliver' in destination)
    refuse('invalid', 'destination', '"destination" is a destination. Pass the options of createDestination instead.');
  checkUnder('destination', () => checkDestinationOptions(destination));
  if (destination.delivery?.order !== false) return;
  refuse('invalid', 'destination.delivery.order', 'A fleet needs the order guard. Remove "delivery.order: false".');
}
