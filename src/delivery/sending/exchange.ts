import {
  type Exchange,
  type ExchangingTransport,
  type OneSignalRequest,
  type SendOptions,
  startExchange,
  type Transport,
} from '../../onesignal/transport.js';

export type { Exchange } from '../../onesignal/transport.js';

/** Starts one request. Not a {@link Transport}, because Segment Functions have no `AbortSignal`. */
export type StartExchange = (request: OneSignalRequest, mayLeave?: () => boolean) => Exchange;

/** Sends through a transport, and aborts through its signal. @internal */
export function exchangeOver(transport: Transport): StartExchange {
  if (isExchanging(transport)) return (request, mayLeave) => transport[startExchange](request, mayLeave);
  return (request) => {
    const options = new LazySignal();
    return { answer: Promise.resolve(transport.send(request, options)), abort: () => options.abort() };
  };
}

function isExchanging(transport: Transport): transport is ExchangingTransport {
  return startExchange in transport;
}

/** Makes its signal when the transport asks for it: a signal costs more than the rest of an attempt. */
class LazySignal implements SendOptions {
  /** An own property, so that `{ ...options }` has it too. All share one getter: one for each would cost a lot. */
  static readonly #property = {
    enumerable: true,
    get(this: LazySignal) {
      return this.#made();
    },
  };
  declare readonly signal: AbortSignal;
  #controller: AbortController | undefined;
  #isAborted = false;

  constructor() {
    Object.defineProperty(this, 'signal', LazySignal.#property);
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }

  #made(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort();
    return this.#controller.signal;
  }
}
