import type { OneSignalRequest, OneSignalResponse, Transport } from '../onesignal/transport.js';
import type { Arrival, Peer } from './peer.js';

/** One transport put to one test, on a path that no other test uses. */
export interface Trial {
  readonly path: string;
  /** What arrived so far. */
  arrivals(): Arrival[];
  /** Sends a request, a `PATCH` with a small body unless told otherwise, and answers it as told. */
  send(
    respond: (arrival: Arrival) => Response | Promise<Response>,
    request?: Partial<OneSignalRequest>,
    signal?: AbortSignal,
  ): Promise<OneSignalResponse>;
}

/** A fact about transports, and how to find out. */
export interface Case {
  readonly name: string;
  run(trial: Trial): Promise<void>;
}

export function createTrial(transport: Transport, peer: Peer): Trial {
  const path = `/apps/contract/users/by/external_id/${crypto.randomUUID()}`;
  return {
    path,
    arrivals: () => peer.arrivals(path),
    send(respond, request = {}, signal = new AbortController().signal) {
      const whole = { method: 'PATCH', path, body: { properties: { tags: { plan: 'pro' } } }, ...request } as const;
      peer.answer(whole.path, respond);
      return transport.send(whole, { signal });
    },
  };
}

/** Compares as JSON: what a transport carries is JSON. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`${what}: expected ${describe(expected)}, got ${describe(actual)}`);
}

/** Resolves with what a promise rejects with. */
export async function expectRejection(what: string, promise: Promise<OneSignalResponse>): Promise<unknown> {
  const resolved = await promise.then(
    ({ status }) => ({ status }),
    (thrown: unknown) => ({ thrown }),
  );
  if ('thrown' in resolved) return resolved.thrown;
  throw new Error(`${what}: expected a rejection, got a response with status ${String(resolved.status)}`);
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
