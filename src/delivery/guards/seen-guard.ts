import { DeliveryError } from '../../errors.js';
import type { AddPurchases, Alias } from '../../onesignal/operation.js';
import { storeKey } from '../../onesignal/user-key.js';
import { createRedactor } from '../../redact/redactor.js';
import { privateTexts } from '../judging/private-texts.js';
import type { PendingInput } from '../pending-input.js';
import { SharedWork, unlessCancelled } from '../shared-work.js';
import type { SeenStore } from '../stores.js';
import type { UserWrite } from '../user-write.js';
import { withStore } from './with-store.js';

const seen = { name: 'store of seen events', operation: 'add_purchases' } as const;

/** Keeps a redelivery from counting purchases twice. */
export interface SeenGuard {
  /** Takes the purchases out of events that were delivered before. */
  dropSeen(user: Alias, inputs: readonly PendingInput[]): void | Promise<void>;
  /** Remembers events whose purchases OneSignal accepted. */
  remember(user: Alias, inputs: readonly PendingInput[]): Promise<void>;
}

/**
 * Purchases increment, so a repeat counts twice. An event that the store knows keeps its tags and loses its purchases,
 * which are reported `duplicate_purchase` (S6). Events are known by `messageId` and user: Engage sends one message for
 * several users.
 *
 * This is not a guarantee: if the process dies between OneSignal's answer and the store's, the event stays unknown.
 *
 * @internal
 */
export function createSeenGuard(store: SeenStore): SeenGuard {
  return {
    dropSeen(user, inputs) {
      const inBatch = new Set<string>();
      const waiting: Promise<void>[] = [];
      for (const { input, key, purchases } of purchasesOf(user, inputs)) {
        const drop = (): void => {
          for (const write of purchases) input.dropWrite(write, 'duplicate_purchase');
        };
        if (inBatch.has(key)) {
          drop();
          continue;
        }
        inBatch.add(key);
        const asking = withStore(
          seen,
          [input],
          () => store.has(key),
          (isSeen) => isSeen && drop(),
        );
        if (asking !== undefined) waiting.push(asking);
      }
      return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => {});
    },
    async remember(user, inputs) {
      for (const { input, key } of purchasesOf(user, inputs)) {
        const work = new SharedWork([input]);
        try {
          // Not awaited for longer than the input: a store that hangs must not block the user.
          await unlessCancelled(Promise.resolve(store.add(key)), work);
        } catch (thrown) {
          // The purchase is counted. Delivering the event again would count it twice for certain.
          input.warn(notRemembered(thrown, input));
        }
        work.finish();
      }
    },
  };
}

interface SeenPurchase {
  readonly input: PendingInput;
  readonly key: string;
  readonly purchases: readonly AddPurchases[];
}

function purchasesOf(user: Alias, inputs: readonly PendingInput[]): SeenPurchase[] {
  return inputs.flatMap((input): SeenPurchase[] => {
    const { messageId } = input.plan;
    const purchases = input.writes.filter((write: UserWrite): write is AddPurchases => write.type === 'add_purchases');
    return messageId === undefined || purchases.length === 0
      ? []
      : [{ input, key: `${messageId}/${storeKey(user)}`, purchases }];
  });
}

function notRemembered(thrown: unknown, input: PendingInput): DeliveryError {
  const message =
    'The purchase was counted, but the store of seen events failed to remember it. A redelivery of the event would count it again.';
  const cause = createRedactor(privateTexts(input.plan.operations)).plainCause(thrown);
  return new DeliveryError('purchase_not_remembered', message, { operation: 'add_purchases', cause });
}
