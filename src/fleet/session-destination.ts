import { checkDestinationOptions } from '../check-options.js';
import type { Clock } from '../clock.js';
import { createDestinationAt, type DestinationOptions } from '../create-destination.js';
import { notify } from '../delivery/notify.js';
import type { Outcome } from '../delivery/outcome.js';
import type { LimitStore, OrderStore } from '../delivery/stores.js';
import { createOneSignalTransport } from '../onesignal/client.js';
import type { Destination } from '../pipeline.js';
import { limitStoreOn } from '../redis/limit-store.js';
import { orderStoreOn } from '../redis/order-store.js';
import { createScriptRunner, evenIfFull, type RunScript } from '../redis/scripts.js';
import { seenStoreOn } from '../redis/seen-store.js';
import type { Fence } from './fence.js';
import { fenceOrderStore, fenceTransport } from './fenced.js';
import { forgetValues } from './forget-values.js';
import { type FleetOptions, prefixOf } from './options.js';

/** The destination of one session. */
export interface SessionDestination {
  readonly destination: Destination;
  /** Makes sure that the values of an event are sent, whatever was sent before. */
  forget(input: unknown): Promise<void>;
}

/**
 * Creates a destination that writes only within a lease.
 *
 * Each session has its own: what a destination remembers of its own writes does not hold for what others wrote since.
 *
 * @internal
 */
export function createSessionDestination(
  options: FleetOptions & { destination: DestinationOptions },
  fence: Fence,
  clock: Clock,
  onOutcome: (input: unknown, outcome: Outcome) => void,
): SessionDestination {
  const { connection, destination: given } = options;
  checkDestinationOptions(given);
  // What workers write is bounded by the events in the queue, which fill the memory until they are delivered.
  const run = createScriptRunner(connection, evenIfFull);
  const { appId, mapping, delivery, hooks } = given;
  const transport =
    given.transport ?? createOneSignalTransport({ apiKey: given.apiKey ?? '', authScheme: given.authScheme });
  const order = fenceOrderStore(orderStoreOf(options, run), fence);
  const fenced: DestinationOptions = {
    appId,
    transport: fenceTransport(transport, fence),
    mapping,
    delivery: {
      ...delivery,
      order,
      limits: delivery?.limits ?? limitStoreOf(options, run),
      seen: delivery?.seen ?? seenStoreOn(run, { prefix: prefixOf(options, 'seen') }),
    },
    hooks: {
      onAttempt: hooks?.onAttempt,
      onOutcome(outcome, input) {
        onOutcome(input, outcome);
        notify(hooks?.onOutcome, outcome, input);
      },
    },
  };
  const destination = createDestinationAt(fenced, clock);
  const forget = async (input: unknown): Promise<void> => {
    if (delivery?.unchanged === 'skip') await forgetValues(destination, order, input);
  };
  return { destination, forget };
}

/** The margin is explained at `createRedisLimitStore`. */
function limitStoreOf(options: FleetOptions & { destination: DestinationOptions }, run: RunScript): LimitStore {
  const { requestsPerSecond = 1_000 } = options.destination.delivery ?? {};
  return limitStoreOn(run, {
    prefix: prefixOf(options, 'limits'),
    requestsPerSecond: Number.isFinite(requestsPerSecond)
      ? Math.max(1, Math.floor(requestsPerSecond * 0.9))
      : requestsPerSecond,
  });
}

function orderStoreOf(options: FleetOptions & { destination: DestinationOptions }, run: RunScript): OrderStore {
  const { order } = options.destination.delivery ?? {};
  if (order !== undefined && order !== false) return order;
  return orderStoreOn(run, { prefix: prefixOf(options, 'order') });
}
