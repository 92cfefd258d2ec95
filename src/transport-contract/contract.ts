import type { Transport } from '../onesignal/transport.js';
import { abortCases } from './abort-cases.js';
import { createPeer } from './peer.js';
import { requestCases } from './request-cases.js';
import { responseCases } from './response-cases.js';
import { type Case, createTrial } from './trial.js';

/** A test case: one thing that a transport must do. */
export interface TransportCase {
  /** The behavior under test, for example `does not follow a redirect, which would send the body to another host`. */
  readonly name: string;
  /** Creates a transport and tests it. Rejects with an error that says what was expected. */
  run(): Promise<void>;
}

/** Test cases for a transport, and the server that they send requests to. */
export interface TransportContract {
  /** The server. Serve it on a port that the transport can reach: `createServer(toNodeListener(contract.fetch))`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The API key that the transport must send. */
  readonly apiKey: string;
  /**
   * Returns all cases. Each creates its own transport when it runs, so the server may start later. Cases may run
   * concurrently.
   *
   * @param createTransport - Creates a transport that sends {@link TransportContract.apiKey} to the URL at which
   * {@link TransportContract.fetch} is served.
   */
  cases(createTransport: () => Transport): TransportCase[];
}

/**
 * Creates test cases for a transport: it must send requests unchanged, return responses unchanged, and retry nothing.
 *
 * @returns The cases, and the server that they need.
 *
 * @example
 * ```ts
 * import { createOneSignalTransport } from 'segment-onesignal';
 * import { createTransportContract } from 'segment-onesignal/transport-contract';
 *
 * const contract = createTransportContract();
 * const create = () => createOneSignalTransport({ apiKey: contract.apiKey, baseUrl: 'http://127.0.0.1:3210' });
 * for (const { name } of contract.cases(create)) console.log(name);
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
