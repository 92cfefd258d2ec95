import type { AcceptedValue, ValueStore } from '../stores.js';
import { createUserRecords } from './user-records.js';

type Times = Readonly<Record<string, number>>;

/** The order guard's memory within one process. @internal */
export function createMemoryOrderStore(): ValueStore {
  const times = createUserRecords<number>();
  const values = createUserRecords<AcceptedValue>();

  return {
    newest(user, tags) {
      const known = times.get(user);
      return known === undefined ? [] : tags.map((tag) => ownValue(known, tag));
    },
    record(user, written) {
      const known = times.get(user);
      times.set(user, known === undefined ? written : latest(known, written));
    },
    accepted(user, keys) {
      const known = values.get(user);
      return known === undefined ? [] : keys.map((key) => ownValue(known, key));
    },
    remember(user, accepted) {
      const left = Object.entries({ ...values.get(user), ...accepted }).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value] as const],
      );
      if (left.length > 0) values.set(user, Object.fromEntries(left));
      else values.delete(user);
    },
    forget(user) {
      times.delete(user);
      values.delete(user);
    },
  };
}

/** `hasOwn`, since a tag may be called `constructor`. */
function ownValue<Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function latest(known: Times, written: Times): Times {
  const later = Object.entries(written).map(
    ([tag, time]) => [tag, Math.max(ownValue(known, tag) ?? time, time)] as const,
  );
  return { ...known, ...Object.fromEntries(later) };
}
