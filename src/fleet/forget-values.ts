import { claimKeyOf } from '../delivery/guards/claim-guard.js';
import type { OrderStore } from '../delivery/stores.js';
import { isUserWrite, keysOf } from '../delivery/user-write.js';
import { storeKey } from '../onesignal/user-key.js';
import type { Destination } from '../pipeline.js';

/**
 * Makes an order store forget the accepted values that an event writes, so that `unchanged: 'skip'` sends them again:
 * nobody knows which value OneSignal has.
 *
 * @internal
 */
export async function forgetValues(destination: Destination, store: OrderStore, input: unknown): Promise<void> {
  const [plan] = destination.plan([input]).plans;
  for (const write of plan.operations.filter(isUserWrite)) {
    if (write.type !== 'update_user' && write.type !== 'add_subscription') continue;
    const keys = write.type === 'update_user' ? keysOf(write) : [claimKeyOf(write)];
    const absent = Object.fromEntries(keys.map((key) => [key, undefined]));
    if (keys.length > 0) await store.remember?.(storeKey(write.user), absent);
  }
}
