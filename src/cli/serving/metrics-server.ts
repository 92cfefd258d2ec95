import { createServer, type Server } from 'node:http';
import { answerOperations, answerText, operationsEndpointOf } from './operations.js';

/** Answers `/healthz`, `/readyz` and `/metrics`, for a process that serves nothing else. */
export function createMetricsServer(readMetrics: () => Promise<string>): Server {
  return createServer((request, response) => {
    const endpoint = operationsEndpointOf(request);
    if (endpoint === undefined) answerText(response, 404, 'Try /healthz, /readyz or /metrics.\n');
    else answerOperations(endpoint, response, readMetrics);
  });
}
