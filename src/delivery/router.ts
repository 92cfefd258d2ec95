import type { Clock } from '../clock.js';
import { createClaims } from './claims.js';
import { createCustomEvents } from './custom-events/event-queue.js';
import { createRefusalResolver } from './custom-events/resolve-refusals.js';
import { createFollowUp } from './follow-up.js';
import { createMemoryOrderStore } from './guards/memory-order-store.js';
import { createOrderGuard, type OrderGuard } from './guards/order-guard.js';
import { createSeenGuard } from './guards/seen-guard.js';
import { createUnchangedGuard, type UnchangedGuard } from './guards/unchanged-guard.js';
import type { Hooks } from './options.js';
import type { PendingInput } from './pending-input.js';
import { userOf } from './planned-user.js';
import { createSegments } from './segments.js';
import { createAppPacer } from './sending/app-pacer.js';
import type { StartExchange } from './sending/exchange.js';
import { createSender, type Sender } from './sending/sender.js';
import { createSharedLimits, type SharedLimits } from './sending/shared-limits.js';
import { createUserClock } from './sending/user-clock.js';
import type { DeliverySettings } from './settings.js';
import type { OrderStore, ValueStore } from './stores.js';
import { createAcceptance } from './user/accept-writes.js';
import { createWritePerformer } from './user/perform-writes.js';
import { createTagRoom } from './user/tag-room.js';
import { createUserMemory, type UserMemory } from './user/user-memory.js';
import { createUserQueues } from './user/user-queues.js';
import { createUserWriter, type WriteUser } from './user/write-user.js';

/** What everything that sends is put together from. */
export interface RouterSetup {
  clock: Clock;
  appId: string;
  startExchange: StartExchange;
  /** The tag limit of the OneSignal plan, if it was given. */
  tagLimit: number | undefined;
  /** Whether events may delete users. */
  deletesUsers: boolean;
  onAttempt: Hooks['onAttempt'];
}

/** Routes inputs: their writes go through their user's queue, then their segments and custom events follow. */
export function createRouter(
  setup: RouterSetup,
  settings: DeliverySettings,
): (inputs: readonly PendingInput[]) => void {
  const { clock, appId, startExchange, onAttempt } = setup;
  const users = createUserClock(settings.userIntervalMs, clock);
  const pacer = createAppPacer(settings, clock);
  const limits = settings.limits === undefined ? undefined : createSharedLimits(settings.limits, clock);
  const sender = createSender({ clock, startExchange, pacer, limits, users, settings, onAttempt });
  const memory = createUserMemory(clock);
  const segments = createSegments(sender, appId, clock);
  const { missingUser } = settings;
  const customEvents = createCustomEvents(createRefusalResolver({ sender, appId, missingUser, memory }));
  const followUp = createFollowUp(segments, customEvents);
  const guards = createGuards(settings, setup);
  const queues = createUserQueues({
    sender,
    claims: createClaims(),
    write: createWriter(setup, settings, { sender, limits, memory, guards }),
    beforeDeletion: customEvents.settled,
    onWritten: followUp,
  });

  return (inputs) => {
    const writing = new Set(inputs.flatMap(({ writes, userKey = '' }) => (writes.length > 0 ? userKey : [])));
    for (const input of inputs) {
      const { plan, userKey = '' } = input;
      const user = userOf(plan);
      // Even if it writes nothing: what is under way may create the user, or the user may be deleted.
      const waits = setup.deletesUsers || writing.has(userKey) || queues.has(userKey);
      if (user !== undefined && waits) queues.add(user, userKey, input);
      else followUp(input);
    }
  };
}

interface Guards {
  readonly orderGuard: OrderGuard | undefined;
  readonly unchangedGuard: UnchangedGuard | undefined;
}

function createGuards(
  { order = createMemoryOrderStore(), unchanged, unchangedMaxAgeMs }: DeliverySettings,
  { clock, deletesUsers }: Pick<RouterSetup, 'clock' | 'deletesUsers'>,
): Guards {
  if (order === false) return { orderGuard: undefined, unchangedGuard: undefined };
  const orderGuard = createOrderGuard(order, { guardsDeletions: deletesUsers, clock });
  const keepsValues = unchanged === 'skip' && isValueStore(order);
  const unchangedGuard = keepsValues
    ? createUnchangedGuard(order, { orderGuard, maxAgeMs: unchangedMaxAgeMs, clock })
    : undefined;
  return { orderGuard, unchangedGuard };
}

function isValueStore(store: OrderStore): store is ValueStore {
  return store.accepted !== undefined && store.remember !== undefined;
}

interface WriterParts {
  readonly sender: Sender;
  readonly limits: SharedLimits | undefined;
  readonly memory: UserMemory;
  readonly guards: Guards;
}

function createWriter(
  { clock, appId, tagLimit }: RouterSetup,
  { missingUser, seen }: DeliverySettings,
  { sender, limits, memory, guards }: WriterParts,
): WriteUser {
  const seenGuard = seen === undefined ? undefined : createSeenGuard(seen);
  const room = createTagRoom(tagLimit, clock, limits);
  const accept = createAcceptance({ ...guards, seenGuard, room, memory });
  const perform = createWritePerformer({ sender, appId, missingUser, room, memory, accept });
  return createUserWriter({ ...guards, seenGuard, perform });
}
