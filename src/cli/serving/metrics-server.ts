import { createServer, type Server } from 'node:http';

/** Answers `/metrics` in Prometheus' text format, and `/healthz`. A figure that cannot be had is a 503. */
export function createMetricsServer(format: () => Promise<string>): Server {
  return createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/healthz') return void response.end('ok\n');
    if (pathname !== '/metrics') return void response.writeHead(404).end('Try /metrics or /healthz.\n');
    try {
      const text = await format();
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
    } catch {
      // The error may name Redis and its password.
      response.writeHead(503).end('Redis does not answer.\n');
    }
  });
}
