/**
 * A receiver of event streams in its own process, which an attack may kill. Prints its port once it listens.
 *
 * Any credentials count as the right ones, so that no body escapes being read because of a wrong signature.
 * The path `/open` needs no credentials. `GET /health` answers 200 unless the process was tampered with.
 */
import { createServer } from 'node:http';
import { createEventStreamHandler } from '../../../src/event-stream/index.js';
import { toNodeListener } from '../../../src/node/index.js';

const handler = createEventStreamHandler({
  segment: async () => {},
  secrets: ['shh'],
  header: 'x-let-in',
  // As much as the webhook's receiver accepts.
  maxBytes: 5_000_000,
  deadlineMs: 4_500,
});

const server = createServer(
  { headersTimeout: 1_000, connectionsCheckingInterval: 200 },
  toNodeListener((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/health') return new Response(null, { status: 'polluted' in {} ? 500 : 200 });
    const headers = new Headers(request.headers);
    if (pathname === '/open' || headers.has('x-signature') || headers.has('authorization'))
      headers.set('x-let-in', 'shh');
    return handler(new Request(request, { headers }));
  }),
);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(address.port);
});
