import { createServer } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { toNodeListener } from '../../src/node/index.js';
import { createTransportContract, type TransportContract } from '../../src/transport-contract/index.js';

/** A transport contract that is served while the tests in a file run. */
export interface ContractServer extends TransportContract {
  /** Ends with a path and a slash, like a proxy's URL. */
  baseUrl(): string;
}

/** Serves the transport contract on a free port of this machine, for all tests in the file. */
export function serveContract(): ContractServer {
  const contract = createTransportContract();
  const server = createServer(toNodeListener(contract.fetch));
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return { ...contract, baseUrl: () => `http://127.0.0.1:${port}/proxy/` };
}
