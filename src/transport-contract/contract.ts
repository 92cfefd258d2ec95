import type { Transport } from '../onesignal/transport.js';
import { abortCases } from './abort-cases.js';
import { createPeer } from './peer.js';
import { requestCases } from './request-cases.js';
import { responseCases } from './response-cases.js';
import { type Case, createTrial } from './trial.js';

/** One thing that a transport must do. */
export interface TransportCase {
  /** A fact: `a 503 is a response, and is not tried again`. */
  readonly name: string;
  /** Makes a transport and puts it to the test. Rejects with an error that says what was wrong. */
  run(): Promise<void>;
}

/** The cases, and the server that they talk to. */
export interface TransportContract {
  /** The other end. Serve it on a port that the transport can reach: `createServer(toNodeListener(contract.fetch))`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The key that the transport has to send. */
  readonly apiKey: string;
  /**
   * All cases; each makes a transport of its own, so that the server may start later. They may run at the same time.
   *
   * @param createTransport - Makes a transport that sends {@link TransportContract.apiKey} to where {@link TransportContract.fetch} is served.
   */
  cases(createTransport: () => Transport): TransportCase[];
}

/**
 * Makes a contract for transports: what goes out as it was given, what comes back as it came, and no opinion in between.
 *
 * @example
 * ```ts
 * import { createTransportContract } from 'segment-onesignal/transport-contract';
 *
 * const contract = createTransportContract();
 * for (const { name } of contract.cases(() => ({ send: () => Promise.reject(new Error('not yet')) }))) console.log(name);
 * ```
 *
 * @see {@link Transport}
 */
export function createTransportContract(): TransportContract {
  const apiKey = 'os_v2_app_contract';
  const peer = createPeer();
  const cases: Case[] = [...requestCases(apiKey), ...responseCases, ...abortCases];
  return {
    fetch: (request) => peer.fetch(request),
    apiKey,
    cases: (createTransport) =>
      cases.map(({ name, run }) => ({ name, run: () => run(createTrial(createTransport(), peer)) })),
  };
}
