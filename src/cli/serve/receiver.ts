import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Deliverer, Outcome } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler, type WebhookOptions } from 'segment-onesignal/webhook';
import type { Metrics } from './metrics.js';

/** Options of {@link createReceiver}. */
export interface ReceiverOptions {
  readonly destination: Deliverer;
  readonly webhook: WebhookOptions;
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
  readonly endpoint: 'webhook' | 'tracking' | 'health' | 'ready' | 'metrics';
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/** A receiver on HTTP. */
export interface Receiver {
  readonly server: Server;
  /** From now on, readiness says no, so that a load balancer sends nothing more. */
  drain(): void;
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
}: ReceiverOptions): Receiver {
  let isDraining = false;
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
  const answerOps = (endpoint: Answer['endpoint'], response: ServerResponse): void => {
    if (endpoint === 'health') answerText(response, 200, 'ok\n');
    else if (endpoint === 'ready') answerText(response, isDraining ? 503 : 200, isDraining ? 'stopping\n' : 'ok\n');
    else answerMetrics(response, metrics, moreMetrics);
  };
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
    else answerOps(endpoint, response);
  };
  return {
    server: createServer(serverOptions, listener),
    drain() {
      isDraining = true;
    },
  };
}

function endpointOf({ method, url = '' }: IncomingMessage): Answer['endpoint'] {
  if (method === 'GET' && url === '/healthz') return 'health';
  if (method === 'GET' && url === '/readyz') return 'ready';
  if (method === 'GET' && url === '/metrics') return 'metrics';
  return /\/v1\//.test(url) ? 'tracking' : 'webhook';
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function answerMetrics(response: ServerResponse, metrics: Metrics, more: ReceiverOptions['moreMetrics']): void {
  const answer = (text: string): void => answerText(response, 200, `${metrics.format()}${text}`);
  if (more === undefined) answer('');
  else more().then(answer, () => answerText(response, 503, 'Redis did not answer\n'));
}
