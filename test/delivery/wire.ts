import { DeliveryError } from '../../src/errors.js';
import type { OneSignalRequest, OneSignalResponse, Transport } from '../../src/onesignal/transport.js';

/** A request that reached the other end of a {@link createWire | wire} and waits for its answer. */
export interface Arrival {
  readonly request: OneSignalRequest;
  /** Unix ms. */
  readonly at: number;
  readonly signal: AbortSignal;
  answer(status: number, body?: unknown, headers?: OneSignalResponse['headers']): void;
  /** The connection breaks. */
  cut(): void;
}

/** A transport whose answers come from the test: at once in `onArrival`, or later. */
export interface Wire {
  transport: Transport;
  arrivals: Arrival[];
}

export function createWire(onArrival: (arrival: Arrival, index: number) => void = () => {}): Wire {
  const arrivals: Arrival[] = [];
  const transport: Transport = {
    send: (request, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        const arrival: Arrival = {
          request,
          at: Date.now(),
          signal,
          answer: (status, body, headers = {}) => resolve({ status, headers, body }),
          cut: () => reject(new TypeError('fetch failed')),
        };
        arrivals.push(arrival);
        onArrival(arrival, arrivals.length - 1);
      }),
  };
  return { transport, arrivals };
}

/** Answers every request as OneSignal answers a write. */
export const accept = (arrival: Arrival): void => arrival.answer(202, {});

/** The tags that a request sets; `{}` for one that sets none. */
export function tagsOf({ request: { body } }: Pick<Arrival, 'request'>): unknown {
  return field(field(body, 'properties'), 'tags') ?? {};
}

/** The user whom a request is about. */
export function userOf({ request: { path } }: Pick<Arrival, 'request'>): string {
  return path.split('/')[6] ?? '';
}

export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** The code of an outcome's error, or of an attempt's; `undefined` if there is none. */
export function codeOf(outcome: unknown): string | undefined {
  const error = field(outcome, 'error');
  return error instanceof DeliveryError ? error.code : undefined;
}

/** A transport that records what it receives. */
export interface Scripted extends Transport {
  readonly requests: OneSignalRequest[];
  readonly signals: AbortSignal[];
}

/** A transport as users write their own, which answers as a test wants. */
export function scripted(
  answer: (request: OneSignalRequest, signal: AbortSignal, index: number) => unknown = () => ({ status: 202 }),
): Scripted {
  const requests: OneSignalRequest[] = [];
  const signals: AbortSignal[] = [];
  return {
    requests,
    signals,
    async send(request, { signal }) {
      signals.push(signal);
      const given: unknown = await answer(request, signal, requests.push(request) - 1);
      // A contract that the test may break on purpose.
      return given as OneSignalResponse;
    },
  };
}

/** Never answers, but rejects when it is aborted, as `fetch` does. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
