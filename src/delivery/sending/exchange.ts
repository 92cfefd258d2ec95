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
    const controller = new AbortController();
    const answer = Promise.resolve(transport.send(request, { signal: controller.signal }));
    return { answer, abort: () => controller.abort() };
  };
}
