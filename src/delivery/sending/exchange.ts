import type { OneSignalRequest, OneSignalResponse, Transport } from '../../onesignal/transport.js';

/** One request on its way. */
export interface Exchange {
  /** Rejects only when no response came. */
  readonly answer: Promise<OneSignalResponse>;
  /** Nobody waits for the answer any more. */
  abort(): void;
}

/** Starts one request. A {@link Transport} needs an `AbortSignal`, and a Segment Function has none to give: this is what delivery asks for instead. */
export type StartExchange = (request: OneSignalRequest) => Exchange;

/**
 * Sends by a transport, and aborts by its signal.
 *
 * @internal
 */
export function exchangeOver(transport: Transport): StartExchange {
  return (request) => {
    const controller = new AbortController();
    const answer = Promise.resolve(transport.send(request, { signal: controller.signal }));
    return { answer, abort: () => controller.abort() };
  };
}
