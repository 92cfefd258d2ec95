/**
 * Metrics and spans by OpenTelemetry: what became of each event, and how long OneSignal took for each attempt.
 *
 * `@opentelemetry/api` does nothing until your process starts an SDK, so this can stay on everywhere. Nothing here names a person: only numbers and words
 * from closed lists are used. (`error.message` holds no id and no value either, but may quote OneSignal.)
 */
import { type Meter, metrics, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { createDestination, type Destination, type Hooks } from 'segment-onesignal';

/** Hooks that count, time and trace. Names and units follow OpenTelemetry's conventions for metrics of messaging and HTTP clients. */
export function createTelemetryHooks(
  meter: Meter = metrics.getMeter('segment-onesignal'),
  tracer: Tracer = trace.getTracer('segment-onesignal'),
): Required<Hooks> {
  const events = meter.createCounter('onesignal.events', {
    unit: '{event}',
    description: 'Events by what became of them',
  });
  const losses = meter.createCounter('onesignal.dropped', { unit: '{field}', description: 'Fields not carried over' });
  const duration = meter.createHistogram('onesignal.request.duration', {
    unit: 's',
    description: 'One attempt at a request',
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

/** The destination of a process; the attempts' spans are children of whatever span is active where `deliver` is called. */
export function createTracedDestination(appId: string, apiKey: string): Destination {
  return createDestination({ appId, apiKey, hooks: createTelemetryHooks() });
}
