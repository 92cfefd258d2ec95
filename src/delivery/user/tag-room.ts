import type { Clock } from '../../clock.js';
import type { Alias, UpdateUser } from '../../onesignal/operation.js';
import { userKey } from '../../onesignal/user-key.js';
import { createExpiringMap } from '../expiring-map.js';
import type { SharedLimits } from '../sending/shared-limits.js';

/** The known tags of a user. */
export interface KnownTags {
  readonly keys: ReadonlySet<string>;
  /** Whether the user has no other tags: they were read, or this process created the user. */
  readonly isComplete: boolean;
}

/** The bounds between which the OneSignal plan's limit of tags per user lies. */
export interface TagLimitRange {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Remembers tags of users and learns the plan's limit, so that most updates need no read and are not refused (D8). */
export interface TagRoom {
  known(user: Alias): KnownTags | undefined;
  readonly limit: TagLimitRange;
  /** Whether an upper bound of the limit is known, so that an update may be certain to be refused. */
  readonly isLimited: boolean;
  /** The user has exactly these tags. */
  read(user: Alias, keys: Iterable<string>): void;
  /** OneSignal accepted an update. */
  accepted(update: UpdateUser): void;
  /** OneSignal refused an update that would have given a user this many tags. */
  refusedAt(count: number): void;
  forget(user: Alias): void;
}

const maxUsers = 10_000;
/** Tags change elsewhere too: SDKs and the dashboard write them. */
const rememberedMs = 10 * 60 * 1000;

/** @internal */
export function createTagRoom(tagLimit: number | undefined, clock: Clock, limits?: SharedLimits): TagRoom {
  const users = createExpiringMap<{ keys: Set<string>; completeUntil: number }>(maxUsers, clock);
  let mostAccepted = tagLimit ?? 0;
  let leastRefused: { count: number; until: number } | undefined;

  const remember = (user: Alias, keys: Set<string>, completeUntil: number): void =>
    users.set(userKey(user), { keys, completeUntil }, rememberedMs);
  const countAccepted = (count: number): void => {
    if (count > mostAccepted) mostAccepted = count;
    if (leastRefused === undefined || count < leastRefused.count) return;
    leastRefused = undefined;
    limits?.tell({ tagsAccepted: count });
  };
  const refusedCount = (): number | undefined => {
    // The plan may have been upgraded since.
    if (leastRefused !== undefined && clock.now() >= leastRefused.until) leastRefused = undefined;
    return leastRefused?.count;
  };

  const refuse = (count: number, forMs: number): void => {
    leastRefused = { count, until: clock.now() + forMs };
    if (mostAccepted >= count) mostAccepted = count - 1;
  };
  limits?.onFound(({ tagsRefused }) => {
    if (tagsRefused !== undefined && tagsRefused.count < (refusedCount() ?? Number.POSITIVE_INFINITY))
      refuse(tagsRefused.count, tagsRefused.forMs);
  });

  return {
    known(user) {
      const known = users.get(userKey(user));
      return known === undefined ? undefined : { keys: known.keys, isComplete: clock.now() < known.completeUntil };
    },
    get limit() {
      const refused = refusedCount();
      const atMost = Math.min(
        tagLimit ?? Number.POSITIVE_INFINITY,
        refused === undefined ? Number.POSITIVE_INFINITY : refused - 1,
      );
      return { atLeast: Math.min(mostAccepted, atMost), atMost };
    },
    get isLimited() {
      return tagLimit !== undefined || refusedCount() !== undefined;
    },
    read(user, keys) {
      const own = new Set(keys);
      remember(user, own, clock.now() + rememberedMs);
      countAccepted(own.size);
    },
    accepted({ user, tags }) {
      const known = users.get(userKey(user));
      // Incomplete knowledge of a user's tags helps only where tags may run out.
      if (known === undefined && refusedCount() === undefined && tagLimit === undefined) {
        countAccepted(setCount(tags));
        return;
      }
      const keys = known?.keys ?? new Set<string>();
      for (const [key, value] of Object.entries(tags)) {
        if (value === '') keys.delete(key);
        else keys.add(key);
      }
      countAccepted(keys.size);
      remember(user, keys, known?.completeUntil ?? 0);
    },
    refusedAt(count) {
      refuse(Math.min(refusedCount() ?? count, count), rememberedMs);
      limits?.tell({ tagsRefused: { count, forMs: rememberedMs } });
    },
    forget: (user) => users.delete(userKey(user)),
  };
}

function setCount(tags: UpdateUser['tags']): number {
  let count = 0;
  for (const key in tags) if (tags[key] !== '') count++;
  return count;
}
