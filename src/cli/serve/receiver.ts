import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Deliverer, Outcome } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler, type WebhookHandlerOptions } from 'segment-onesignal/webhook';
import { answerOperations, type OperationsEndpoint, operationsEndpointOf } from '../serving/operations.js';
import type { Metrics } from './metrics.js';

/** Options of {@link createReceiver}. */
export interface ReceiverOptions {
  readonly destination: Deliverer;
  readonly webhook: WebhookHandlerOptions;
  readonly metrics: Metrics;
  /** More metrics, read at each request. */
  readonly moreMetrics?: (() => Promise<string>) | undefined;
  /** Called after each answer. */
  readonly onAnswer: (answer: Answer) => void;
  /** Called with each event and its outcome. */
  readonly onOutcome: (event: unknown, outcome: Outcome) => void;
}

/** A request and its answer, without personal data: no path, because anyone may write anything into one. */
export interface Answer {
  readonly endpoint: 'webhook' | 'tracking' | OperationsEndpoint;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/** Segment gives up after 5 seconds, so a client that is still sending then is not Segment. */
const serverOptions = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/** A webhook receiver with `/healthz`, `/readyz` and `/metrics`. */
export function createReceiver({
  destination,
  webhook,
  metrics,
  moreMetrics,
  onAnswer,
  onOutcome,
}: ReceiverOptions): Server {
  const observed: Deliverer = {
    async deliver(inputs, options) {
      const outcomes = await destination.deliver(inputs, options);
      for (const [index, outcome] of outcomes.entries()) {
        metrics.event(outcome);
        onOutcome(inputs[index], outcome);
      }
      return outcomes;
    },
  };
  const receive = toNodeListener(createWebhookHandler(observed, webhook));
  const readMetrics = async (): Promise<string> => metrics.format() + ((await moreMetrics?.()) ?? '');
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const endpoint = endpointOf(request);
    const startedAt = performance.now();
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAt);
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.answer(endpoint, status, durationMs);
      onAnswer({ endpoint, method: request.method ?? '', status, durationMs });
    });
    if (endpoint === 'webhook' || endpoint === 'tracking') receive(request, response);
    else answerOperations(endpoint, response, readMetrics);
  };
  return createServer(serverOptions, listener);
}

function endpointOf(request: IncomingMessage): Answer['endpoint'] {
  return operationsEndpointOf(request) ?? (/\/v1\//.test(request.url ?? '') ? 'tracking' : 'webhook');
}
