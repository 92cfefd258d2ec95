import { type Exchange, exchangeOver } from '../delivery/sending/exchange.js';
import type { OrderStore } from '../delivery/stores.js';
import {
  type ExchangingTransport,
  type OneSignalRequest,
  startExchange,
  type Transport,
} from '../onesignal/transport.js';
import { type Fence, LeaseOver } from './fence.js';

/** How long a request that was under way at the end of the lease may take to tell that it was late. */
const lateMs = 60_000;

/**
 * A transport that sends only within the lease.
 *
 * After the lease a request is not aborted: whether OneSignal has received it is what its answer tells.
 *
 * @internal
 */
export function fenceTransport(transport: Transport, fence: Fence): Transport {
  const startInner = exchangeOver(transport);
  const start = (request: OneSignalRequest) => {
    if (!fence.isOpen) return { answer: Promise.reject(new LeaseOver()), abort() {} };
    const exchange = startInner(request, () => fence.isOpen);
    if (request.method !== 'GET') fence.watch(exchange.answer);
    return {
      answer: exchange.answer,
      abort(): void {
        if (fence.isHeld) exchange.abort();
        else abortLater(exchange);
      },
    };
  };
  const fenced: ExchangingTransport = {
    [startExchange]: start,
    send: (request, { signal }) => {
      const exchange = start(request);
      signal.addEventListener('abort', () => exchange.abort(), { once: true });
      return exchange.answer;
    },
  };
  return fenced;
}

function abortLater(exchange: Exchange): void {
  const timer: unknown = setTimeout(() => exchange.abort(), lateMs);
  // On Node, it must not keep the process alive.
  Object(timer).unref?.();
}

/** An order store that is written to only within the lease. @internal */
export function fenceOrderStore(store: OrderStore, fence: Fence): OrderStore {
  const within = async (write: () => unknown): Promise<void> => {
    if (!fence.isOpen) throw new LeaseOver();
    const writing = Promise.resolve(write());
    fence.watch(writing);
    await writing;
  };
  const { accepted, remember } = store;
  return {
    newest: (user, tags) => store.newest(user, tags),
    record: (user, written) => within(() => store.record(user, written)),
    forget: (user) => within(() => store.forget(user)),
    ...(accepted === undefined ? {} : { accepted: (user, keys) => accepted.call(store, user, keys) }),
    ...(remember === undefined ? {} : { remember: (user, values) => within(() => remember.call(store, user, values)) }),
  };
}
