import type { OneSignalRequest, OneSignalResponse, Transport } from '../onesignal/transport.js';
import type { Arrival, Peer } from './peer.js';

/** One transport in one case, on a path that no other case uses. */
export interface Trial {
  readonly path: string;
  /** Returns the requests that have arrived. */
  arrivals(): Arrival[];
  /** Sends a request, by default a `PATCH` with a small body, and has it answered by `respond`. */
  send(
    respond: (arrival: Arrival) => Response | Promise<Response>,
    request?: Partial<OneSignalRequest>,
    signal?: AbortSignal,
  ): Promise<OneSignalResponse>;
}

/** A case that is not bound to a transport yet. */
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

/** Compares as JSON, because everything that a transport carries is JSON. */
export function expectSame(subject: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`${subject}: expected ${describe(expected)}, received ${describe(actual)}`);
}

/** Resolves with the reason for which the promise rejects, and rejects if it resolves. */
export async function expectRejection(subject: string, promise: Promise<OneSignalResponse>): Promise<unknown> {
  const resolved = await promise.then(
    ({ status }) => ({ status }),
    (thrown: unknown) => ({ thrown }),
  );
  if ('thrown' in resolved) return resolved.thrown;
  throw new Error(`${subject}: expected a rejection, received a response with status ${String(resolved.status)}`);
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
