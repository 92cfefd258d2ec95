import type { Clock } from '../../clock.js';
import { pause, type SharedWork } from '../shared-work.js';
import type { LimitFinding, LimitStore, Reservation } from '../stores.js';
import type { AppPacer } from './app-pacer.js';

/** The limits of an app that several processes share. */
export interface SharedLimits {
  /** Hands out slots of a pacer, for which the store has reserved a request too. */
  share(pacer: AppPacer): AppPacer;
  /** Tells the other processes. */
  tell(finding: LimitFinding): void;
  /** Calls the listener with what other processes have found out. */
  onFound(listener: (found: Reservation) => void): void;
}

/** The time in which a reserved request may be sent. `undefined` if it need not be reserved. */
type Span = { readonly from: number; readonly to: number } | undefined;

interface Asker {
  readonly give: (span: Span) => void;
  isGone: boolean;
}

const maxReserved = 50;
/** How soon a store that failed, or that has nothing free, is asked again. */
const failedMs = 500;
const minAgainMs = 2;

/** @internal */
export function createSharedLimits(store: LimitStore, clock: Clock): SharedLimits {
  const listeners: ((found: Reservation) => void)[] = [];
  let askers: Asker[] = [];
  let isAsking = false;

  /** Returns how soon to ask again. */
  const reserve = async (): Promise<number> => {
    const askedAt = clock.now();
    const reserved = await store.reserve(Math.min(askers.length, maxReserved));
    const answeredAt = clock.now();
    for (const listener of listeners) listener(reserved);
    // Nothing will be sent: the key is refused.
    if (reserved.keyRefusedForMs !== undefined) for (const asker of askers.splice(0)) asker.give(undefined);
    for (const afterMs of reserved.afterMs)
      askers.shift()?.give({ from: answeredAt + afterMs, to: askedAt + afterMs + reserved.validMs });
    return reserved.afterMs.length > 0 ? 0 : Math.max(reserved.retryAfterMs ?? 0, minAgainMs);
  };
  const askAll = (): void => {
    askers = askers.filter(({ isGone }) => !isGone);
    isAsking = askers.length > 0;
    if (!isAsking) return;
    void reserve()
      .catch(() => failedMs)
      .then((retryAfterMs) => {
        if (retryAfterMs === 0) askAll();
        else clock.after(retryAfterMs, askAll);
      });
  };
  const spanFor = (work: SharedWork): Promise<{ span: Span } | undefined> =>
    new Promise((resolve) => {
      const asker: Asker = {
        isGone: false,
        give(span) {
          dispose();
          resolve({ span });
        },
      };
      const dispose = work.onCancel(() => {
        asker.isGone = true;
        dispose();
        resolve(undefined);
      });
      askers.push(asker);
      // Those who ask in the same moment are served by one call.
      if (!isAsking) {
        isAsking = true;
        queueMicrotask(askAll);
      }
    });
  /** Whether a request may be sent now; `false` if the work was cancelled first. */
  const turn = async (work: SharedWork): Promise<boolean> => {
    while (!work.isCancelled) {
      const given = await spanFor(work);
      if (given === undefined) return false;
      const { span } = given;
      if (span === undefined) return true;
      if (!(await pause(Math.max(span.from - clock.now(), 0), work, clock))) return false;
      // A process that stood still has missed its time, and others have theirs now.
      if (clock.now() <= span.to) return true;
    }
    return false;
  };

  return {
    share: (pacer) => ({
      async acquire(work) {
        const slot = await pacer.acquire(work);
        if (slot === undefined || (await turn(work))) return slot;
        slot.release();
        return undefined;
      },
    }),
    tell(finding) {
      // Others find out by themselves if the store fails.
      void Promise.resolve()
        .then(() => store.share(finding))
        .catch(() => {});
    },
    onFound: (listener) => void listeners.push(listener),
  };
}
