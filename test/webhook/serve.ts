import { createServer, type Server } from 'node:http';
import { afterEach } from 'vitest';
import { toNodeListener } from '../../src/node/index.js';
import type { Handler } from './receiver.js';

/** A receiver on a local port. */
export interface ServedReceiver {
  server: Server;
  url: string;
  port: number;
  /** Stops the server and all connections now. This also happens automatically after the test. */
  close(): Promise<void>;
}

const served: ServedReceiver[] = [];

/** Serves a handler over real HTTP. Pass a port to restart a receiver that was closed. */
export async function serve(handler: Handler, givenPort = 0): Promise<ServedReceiver> {
  // By default, Node checks for connections that exceed headersTimeout only every 30 seconds.
  const server = createServer({ connectionsCheckingInterval: 200 }, toNodeListener(handler));
  await new Promise<void>((resolve) => server.listen(givenPort, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const receiver = { server, url: `http://127.0.0.1:${port}`, port, close };
  served.push(receiver);
  return receiver;
}

afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});
