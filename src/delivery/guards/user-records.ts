/** About 10 MB of times at most. The users that have gone longest without a write are forgotten first. */
const maxKeys = 200_000;
/** Room is made for many writes at once: each scan steps over everything that was deleted at the front. */
const keysAfterMakingRoom = 180_000;

type Values<Value> = Readonly<Record<string, Value>>;

/** A bounded memory of values by user and key. */
export interface UserRecords<Value> {
  get(user: string): Values<Value> | undefined;
  set(user: string, values: Values<Value>): void;
  delete(user: string): void;
}

/** @internal */
export function createUserRecords<Value>(): UserRecords<Value> {
  const users = new Map<string, Values<Value>>();
  let size = 0;

  const remove = (user: string): void => {
    size -= sizeOf(users.get(user));
    users.delete(user);
  };
  const makeRoom = (user: string): void => {
    if (size <= maxKeys) return;
    // A new iterator each time: one that is kept would retain every earlier table of the map.
    for (const oldest of users.keys()) {
      // The user written to last stays, even with more keys than there is room for.
      if (size <= keysAfterMakingRoom || oldest === user) return;
      remove(oldest);
    }
  };
  return {
    get: (user) => users.get(user),
    set(user, values) {
      // Insertion order is the order of the last write.
      remove(user);
      size += sizeOf(values);
      users.set(user, values);
      makeRoom(user);
    },
    delete: remove,
  };
}

function sizeOf(values: object | undefined): number {
  return values === undefined ? 0 : Object.keys(values).length;
}
