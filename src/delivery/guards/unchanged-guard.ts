import type { Clock } from '../../clock.js';
import type { AddSubscription, Alias, UpdateUser } from '../../onesignal/operation.js';
import { profileKey } from '../../onesignal/operation-keys.js';
import { storeKey, userKey } from '../../onesignal/user-key.js';
import type { PendingInput } from '../pending-input.js';
import type { AcceptedValue, ValueStore } from '../stores.js';
import { keysOf, type UserWrite, withoutKeys } from '../user-write.js';
import { claimKeyOf } from './claim-guard.js';
import { digestOf } from './digest.js';
import type { OrderGuard } from './order-guard.js';
import { orderStore, withStore } from './with-store.js';

/** Under this key, a subscription's entry names the user who has it. */
const holderKey = 'holder';

export interface UnchangedGuardOptions {
  orderGuard: OrderGuard;
  /** How long an accepted value is believed to be still there. */
  maxAgeMs: number;
  clock: Clock;
}

/** Leaves out what OneSignal has already (D9a). */
export interface UnchangedGuard {
  /** Takes unchanged tags, profile fields and subscriptions out of the inputs' writes. */
  dropUnchanged(user: Alias, inputs: readonly PendingInput[]): Promise<void>;
  /** Remembers an accepted operation of these inputs. */
  record(operation: UserWrite, inputs: readonly PendingInput[]): void | Promise<void>;
}

type ValueWrite = UpdateUser | AddSubscription;

/**
 * Compares with the value that OneSignal accepted last. What is about to change is forgotten before it is sent: if no
 * answer comes, or the process dies, nobody knows which value OneSignal has.
 *
 * @internal
 */
export function createUnchangedGuard(
  store: ValueStore,
  { orderGuard, maxAgeMs, clock }: UnchangedGuardOptions,
): UnchangedGuard {
  const read = async (name: string, keys: readonly string[], inputs: readonly PendingInput[]) => {
    const known = new Map<string, string>();
    const now = clock.now();
    const take = (values: readonly (AcceptedValue | undefined)[]): void => {
      for (const [index, key] of keys.entries()) {
        const value = values[index];
        // A time in the future predates a clock change.
        if (value !== undefined && value.atMs <= now && now - value.atMs < maxAgeMs) known.set(key, value.digest);
      }
    };
    await withStore(orderStore, inputs, () => store.accepted(name, keys), take);
    return known;
  };

  /** The last one to claim the subscription may be another user. */
  const isHeldBy = async (user: Alias, key: string, input: PendingInput): Promise<boolean> =>
    (await read(key, [holderKey], [input])).get(holderKey) === digestOf(userKey(user));

  /** What is left out counts as written: an older event must not overwrite it. */
  const leaveOut = async (input: PendingInput, keys: ReadonlySet<string>): Promise<void> => {
    for (const write of input.writes.filter(isValueWrite)) {
      const others = new Set(keysOfValues(write).filter((key) => !keys.has(key)));
      const unchanged = write.type === 'update_user' ? withoutKeys([write], others) : others.size === 0 ? [write] : [];
      for (const part of unchanged) await orderGuard.record(part, [input]);
      if (write.type === 'add_subscription' && unchanged.length > 0) input.dropWrite(write, 'unchanged');
    }
    input.dropUnchangedKeys(keys);
    input.skipIfNothingIsLeft('unchanged');
  };

  const forget = async (user: Alias, keys: readonly string[], inputs: readonly PendingInput[]): Promise<void> => {
    if (keys.length > 0) await withStore(orderStore, inputs, () => store.remember(storeKey(user), absent(keys)));
    for (const write of inputs.flatMap(({ writes }) => writes))
      if (write.type === 'add_subscription')
        await withStore(orderStore, inputs, () => store.remember(claimKeyOf(write), absent([holderKey])));
  };

  return {
    async dropUnchanged(user, inputs) {
      const keys = [...new Set(inputs.flatMap(({ writes }) => writes.filter(isValueWrite).flatMap(keysOfValues)))];
      if (keys.length === 0) return;
      const known = await read(storeKey(user), keys, inputs);
      const changed = new Set<string>();
      let isDeleted = false;
      for (const input of inputs) {
        isDeleted ||= input.writes.some(({ type }) => type === 'delete_user');
        const unchanged = new Set<string>();
        for (const write of input.writes.filter(isValueWrite)) {
          for (const [key, digest] of digestsOf(write)) {
            // An earlier event of the batch may delete the user, or write another value.
            const isSame = !isDeleted && digest !== undefined && known.get(key) === digest && !changed.has(key);
            if (isSame && (write.type === 'update_user' || (await isHeldBy(user, key, input)))) unchanged.add(key);
            else changed.add(key);
          }
        }
        if (unchanged.size > 0) await leaveOut(input, unchanged);
      }
      await forget(
        user,
        [...changed].filter((key) => known.has(key)),
        inputs,
      );
    },
    record(operation, inputs) {
      if (!isValueWrite(operation)) return;
      const atMs = clock.now();
      const accepted = digestsOf(operation).map(
        ([key, digest]) => [key, digest === undefined ? undefined : { digest, atMs }] as const,
      );
      const { user } = operation;
      const recording = withStore(orderStore, inputs, () =>
        store.remember(storeKey(user), Object.fromEntries(accepted)),
      );
      if (operation.type === 'update_user') return recording;
      const holder = { [holderKey]: { digest: digestOf(userKey(user)), atMs } };
      return Promise.resolve(recording).then(() =>
        withStore(orderStore, inputs, () => store.remember(claimKeyOf(operation), holder)),
      );
    },
  };
}

function isValueWrite(write: UserWrite): write is ValueWrite {
  return write.type === 'update_user' || write.type === 'add_subscription';
}

function keysOfValues(write: ValueWrite): string[] {
  return write.type === 'update_user' ? keysOf(write) : [claimKeyOf(write)];
}

/** Digests by key; `undefined` for a tag that is removed, since removals are always sent. */
function digestsOf(write: ValueWrite): (readonly [key: string, digest: string | undefined])[] {
  if (write.type === 'add_subscription') return [[claimKeyOf(write), digestOf(JSON.stringify(write.subscription))]];
  const tags = Object.entries(write.tags).map(
    ([key, value]) => [key, value === '' ? undefined : digestOf(value)] as const,
  );
  const profile = Object.entries(write.profile ?? {}).map(
    ([field, value]) => [profileKey(field), digestOf(JSON.stringify(value))] as const,
  );
  return [...tags, ...profile];
}

function absent(keys: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}
