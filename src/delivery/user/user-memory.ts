import type { Clock } from '../../clock.js';
import { DeliveryError } from '../../errors.js';
import type { Alias } from '../../onesignal/operation.js';
import { userKey } from '../../onesignal/user-key.js';
import { createExpiringMap } from '../expiring-map.js';

/** Remembers which users OneSignal has, so that a 404 can be told from a user who is only not visible yet (D4). */
export interface UserMemory {
  /** OneSignal accepted a write to the user. */
  accepted(user: Alias): void;
  /** A request that creates the user was sent, and its answer is not known. */
  mayExist(user: Alias): void;
  /** A write that may create the user failed, and will be repeated. */
  expect(userKey: string): void;
  deleted(user: Alias): void;
  /** Whether OneSignal accepted a write to the user a short while ago, or may have created the user. */
  isKnown(user: Alias): boolean;
  /** Whether the user is known, or will be created. */
  isExpected(userKey: string): boolean;
  /** OneSignal does not know a user. Returns a warning if it has known none for a while. */
  missed(): DeliveryError | undefined;
}

const maxUsers = 10_000;
/** A new user can take a minute to become visible. This allows two. */
const knownMs = 2 * 60 * 1000;

const suspiciousMisses = 100;
const suspiciousMs = 60 * 1000;

/** @internal */
export function createUserMemory(clock: Clock): UserMemory {
  /** Whether OneSignal has the user; `false` if the user is only expected. */
  const users = createExpiringMap<boolean>(maxUsers, clock);
  let misses = 0;
  let firstMissAt = 0;
  const remember = (user: Alias): void => users.set(userKey(user), true, knownMs);
  return {
    accepted(user) {
      misses = 0;
      remember(user);
    },
    mayExist: remember,
    expect(key) {
      if (users.get(key) === undefined) users.set(key, false, knownMs);
    },
    deleted: (user) => users.delete(userKey(user)),
    isKnown: (user) => users.get(userKey(user)) === true,
    isExpected: (key) => users.get(key) !== undefined,
    missed() {
      const now = clock.now();
      if (misses === 0 || now - firstMissAt >= suspiciousMs) {
        misses = 0;
        firstMissAt = now;
      }
      return ++misses < suspiciousMisses ? undefined : noKnownUsers();
    },
  };
}

function noKnownUsers(): DeliveryError {
  const message = `OneSignal knew none of the last ${suspiciousMisses} users. Check that appId is the right app, and that your External IDs are Segment's user ids; if not, set mapping.user.`;
  return new DeliveryError('no_known_users', message, { status: 404 });
}
