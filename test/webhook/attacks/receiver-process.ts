/**
 * A receiver in its own process, which an attack may kill. Prints its port once it listens.
 *
 * `/segment` checks signatures, `/first-event` accepts the signature of a batch's first event, `/token` checks a token,
 * `/open` checks nothing, and `/v1/…` checks write keys. `GET /health` answers 200 unless the process was tampered
 * with.
 */
import { createServer } from 'node:http';
import { createDestination, createOneSignalTransport } from '../../../src/index.js';
import { toNodeListener } from '../../../src/node/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import { createWebhookHandler, type WebhookHandlerOptions } from '../../../src/webhook/index.js';

const sandbox = createSandbox({ unknownUsers: 'known' });
const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', transport });
const receiver = (options: WebhookHandlerOptions) => createWebhookHandler(destination, options);

const signed = receiver({ secrets: ['shh'], writeKeys: ['key'] });
const others = new Map([
  ['/first-event', receiver({ secrets: ['shh'], batchSignature: 'first-event' })],
  ['/token', receiver({ tokens: ['token'] })],
  ['/open', receiver({ allowUnsigned: true })],
]);

const server = createServer(
  { headersTimeout: 1_000, connectionsCheckingInterval: 200 },
  toNodeListener((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/health') return new Response(null, { status: 'polluted' in {} ? 500 : 200 });
    return (others.get(pathname) ?? signed)(request);
  }),
);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(address.port);
});
