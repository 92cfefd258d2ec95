import type { OneSignalRequest, OneSignalResponse, Transport } from '../../onesignal/transport.js';

/** One request in flight. */
export interface Exchange {
  /** Rejects only if no response came. */
  readonly answer: Promise<OneSignalResponse>;
  /** Gives up on the answer. */
  abort(): void;
}

/** Starts one request. Not a {@link Transport}, because Segment Functions have no `AbortSignal`. */
export type StartExchange = (request: OneSignalRequest) => Exchange;

/** Sends through a transport, and aborts through its signal. @internal */
export function exchangeOver(transport: Transport): StartExchange {
  return (request) => {
    let controller: AbortController | undefined;
    let isAborted = false;
    const options = {
      // Made when the transport asks for it: a controller costs more than the rest of an attempt.
      get signal(): AbortSignal {
        controller ??= new AbortController();
        if (isAborted) controller.abort();
        return controller.signal;
      },
    };
    return {
      answer: Promise.resolve(transport.send(request, options)),
      abort(): void {
        isAborted = true;
        controller?.abort();
      },
    };
  };
}
