/**
 * OpenTelemetry metrics and spans: the outcome of each event, and the duration of each request to OneSignal.
 *
 * `@opentelemetry/api` does nothing until your process starts an SDK, so the hooks can stay on everywhere. They record
 * no personal data: every value is a number or a word from a closed list. (`error.message` contains no id or value
 * either, but may quote OneSignal.)
 */
import { type Meter, metrics, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { createDestination, type Destination, type Hooks } from 'segment-onesignal';

/**
 * Creates hooks that record metrics and spans, named after OpenTelemetry's conventions for messaging and HTTP clients.
 */
export function createTelemetryHooks(
  meter: Meter = metrics.getMeter('segment-onesignal'),
  tracer: Tracer = trace.getTracer('segment-onesignal'),
): Required<Hooks> {
  const events = meter.createCounter('onesignal.events', {
    unit: '{event}',
    description: 'Events by outcome',
  });
  const losses = meter.createCounter('onesignal.dropped', { unit: '{field}', description: 'Fields that were dropped' });
  const duration = meter.createHistogram('onesignal.request.duration', {
    unit: 's',
    description: 'Duration of one attempt at a request',
    advice: { explicitBucketBoundaries: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] },
  });

  return {
    onOutcome(outcome) {
      const { status, dropped, warnings } = outcome;
      const reason = status === 'skipped' ? outcome.reason : 'error' in outcome ? outcome.error.code : 'none';
      events.add(1, { status, reason });
      for (const { reason: why } of dropped) losses.add(1, { reason: why });
      for (const { code } of warnings) events.add(1, { status: 'warning', reason: code });
    },
    onAttempt({ operation, attempt, startedAt, durationMs, status, error, retryInMs }) {
      const attributes = {
        operation,
        ...(status === undefined ? {} : { 'http.response.status_code': status }),
        ...(error === undefined ? {} : { 'error.type': error.code }),
      };
      duration.record(durationMs / 1000, attributes);
      const span = tracer.startSpan(`OneSignal ${operation}`, {
        kind: SpanKind.CLIENT,
        startTime: startedAt,
        attributes: {
          ...attributes,
          'http.request.resend_count': attempt - 1,
          ...(retryInMs === undefined ? {} : { 'onesignal.retry_in_ms': retryInMs }),
        },
      });
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
      span.end(startedAt + durationMs);
    },
  };
}

/** Creates a destination whose spans are children of the span that is active when `deliver` is called. */
export function createTracedDestination(appId: string, apiKey: string): Destination {
  return createDestination({ appId, apiKey, hooks: createTelemetryHooks() });
}
