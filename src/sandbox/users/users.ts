import type { Clock } from '../../clock.js';
import type { User } from '../records.js';

/** All users of the app, indexed by every alias. */
export interface Users {
  /** In order of creation. */
  all(): Iterable<User>;
  find(label: string, id: string): User | undefined;
  create(aliases: ReadonlyMap<string, string>, visibleAfterMs: number): User;
  /** Takes the alias away from its present owner. The caller decides whether that is allowed. */
  setAlias(user: User, label: string, id: string): void;
  removeAlias(user: User, label: string): void;
  delete(user: User): void;
}

export function createUsers(clock: Clock): Users {
  const byOnesignalId = new Map<string, User>();
  // Maps rather than objects, because a client may choose `__proto__` as a label or id.
  const byAlias = new Map<string, Map<string, User>>();

  const users: Users = {
    all: () => byOnesignalId.values(),
    find: (label, id) => (label === 'onesignal_id' ? byOnesignalId.get(id) : byAlias.get(label)?.get(id)),
    create(aliases, visibleAfterMs) {
      const now = clock.now();
      const seconds = Math.floor(now / 1000);
      const user: User = {
        onesignalId: crypto.randomUUID(),
        aliases: new Map(),
        tags: new Map(),
        profile: { first_active: seconds, last_active: seconds },
        sessionCount: 0,
        sessionTime: 0,
        purchases: [],
        subscriptions: new Set(),
        // Without a delay a user is visible even if a test sets the clock back.
        visibleAt: visibleAfterMs > 0 ? now + visibleAfterMs : -Infinity,
      };
      byOnesignalId.set(user.onesignalId, user);
      for (const [label, id] of aliases) users.setAlias(user, label, id);
      return user;
    },
    setAlias(user, label, id) {
      const owner = users.find(label, id);
      if (owner !== undefined) users.removeAlias(owner, label);
      users.removeAlias(user, label);
      user.aliases.set(label, id);
      const ids = byAlias.get(label) ?? new Map<string, User>();
      byAlias.set(label, ids.set(id, user));
    },
    removeAlias(user, label) {
      const id = user.aliases.get(label);
      if (id === undefined) return;
      user.aliases.delete(label);
      byAlias.get(label)?.delete(id);
    },
    delete(user) {
      for (const label of [...user.aliases.keys()]) users.removeAlias(user, label);
      byOnesignalId.delete(user.onesignalId);
    },
  };
  return users;
}

/** The user's aliases as OneSignal returns them. */
export function identityOf(user: User): Record<string, string> {
  return Object.fromEntries([['onesignal_id', user.onesignalId], ...user.aliases]);
}
