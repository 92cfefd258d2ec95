/**
 * Test cases for your own transport, for any test framework. They check everything that this library expects of it.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { after, before, test } from 'node:test';
 * import { createOneSignalTransport } from 'segment-onesignal';
 * import { toNodeListener } from 'segment-onesignal/node';
 * import { createTransportContract } from 'segment-onesignal/transport-contract';
 *
 * const contract = createTransportContract();
 * const server = createServer(toNodeListener(contract.fetch));
 * before(() => new Promise<void>((resolve) => server.listen(3210, '127.0.0.1', resolve)));
 * after(() => server.close());
 *
 * // Replace createOneSignalTransport with your own transport.
 * const create = () => createOneSignalTransport({ apiKey: contract.apiKey, baseUrl: 'http://127.0.0.1:3210' });
 * for (const { name, run } of contract.cases(create)) test(name, run);
 * ```
 *
 * @module
 */
export { createTransportContract, type TransportCase, type TransportContract } from './contract.js';
