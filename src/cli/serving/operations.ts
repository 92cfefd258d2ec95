import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a load balancer and Prometheus ask for. */
export type OperationsEndpoint = 'health' | 'ready' | 'metrics';

/** How long Redis may take. Prometheus waits 10 seconds by default. */
const maxReadMs = 3_000;

export function operationsEndpointOf({ method, url = '' }: IncomingMessage): OperationsEndpoint | undefined {
  if (method !== 'GET') return undefined;
  if (url === '/healthz') return 'health';
  if (url === '/readyz') return 'ready';
  return url === '/metrics' ? 'metrics' : undefined;
}

/** Answers such a request. A process that is stopping takes no connections any more, so it is not ready either. */
export function answerOperations(
  endpoint: OperationsEndpoint,
  response: ServerResponse,
  readMetrics: () => Promise<string>,
): void {
  if (endpoint !== 'metrics') {
    answerText(response, 200, 'ok\n');
    return;
  }
  const timeout = new Promise<never>((_, reject) => {
    const timer = setTimeout(reject, maxReadMs);
    response.once('close', () => clearTimeout(timer));
  });
  // The error is not shown, since it may name Redis with its password.
  Promise.race([readMetrics(), timeout]).then(
    (text) => answerText(response, 200, text),
    () => answerText(response, 503, 'Redis did not answer\n'),
  );
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
