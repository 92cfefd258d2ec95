import { inspect } from 'node:util';
import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { createTelemetryHooks } from '../../examples/opentelemetry.js';
import { createDestination, createOneSignalTransport } from '../../src/index.js';
import { startSandbox } from '../sandbox-server.js';

const appId = '00000000-0000-4000-8000-000000000001';
const apiKey = 'os_v2_app_secret';

/** A reader that collects metrics on demand. */
class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

async function watched() {
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
  const exporter = new InMemorySpanExporter();
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('test');
  const { sandbox, url } = await startSandbox({ apiKey });
  const transport = createOneSignalTransport({ apiKey, baseUrl: url });
  const destination = createDestination({ appId, transport, hooks: createTelemetryHooks(meter, tracer) });
  const metrics = async () => {
    const { resourceMetrics } = await reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const points = all.flatMap((metric) =>
      metric.dataPointType === DataPointType.HISTOGRAM
        ? metric.dataPoints.map(({ attributes, value }) => [metric.descriptor.name, attributes, value.count])
        : metric.dataPoints.map(({ attributes, value }) => [metric.descriptor.name, attributes, value]),
    );
    return points;
  };
  return { sandbox, destination, metrics, spans: () => exporter.getFinishedSpans() };
}

test('the OpenTelemetry example counts outcomes and drops, and times and traces every attempt', async () => {
  const { sandbox, destination, metrics, spans } = await watched();
  sandbox.addUser({ externalId: 'ada-lovelace' });
  sandbox.fail({ status: 503, headers: { 'retry-after': '0' }, times: 1, when: ({ path }) => path.includes('ada') });
  const before = Date.now();
  await destination.deliver([
    { type: 'identify', userId: 'ada-lovelace', traits: { plan: 'private-plan', address: { city: 'Graz' } } },
    { type: 'identify', userId: 'nobody-known', traits: { plan: 'private-plan' } },
    'no event',
  ]);
  const after = Date.now();

  expect(await metrics()).toEqual(
    expect.arrayContaining([
      ['onesignal.events', { status: 'delivered', reason: 'none' }, 1],
      ['onesignal.events', { status: 'skipped', reason: 'user_not_found' }, 1],
      ['onesignal.events', { status: 'failed', reason: 'invalid_event' }, 1],
      ['onesignal.dropped', { reason: 'nested' }, 1],
      ['onesignal.request.duration', { operation: 'update_user', 'http.response.status_code': 202 }, 1],
      ['onesignal.request.duration', { operation: 'update_user', 'http.response.status_code': 404 }, 1],
      [
        'onesignal.request.duration',
        { operation: 'update_user', 'http.response.status_code': 503, 'error.type': 'unavailable' },
        1,
      ],
    ]),
  );
  expect(spans().map(({ name, attributes }) => [name, attributes['http.response.status_code']])).toEqual(
    expect.arrayContaining([
      ['OneSignal update_user', 503],
      ['OneSignal update_user', 202],
      ['OneSignal update_user', 404],
    ]),
  );
  const again = spans().find(({ attributes }) => attributes['http.response.status_code'] === 202);
  expect(again?.attributes['http.request.resend_count']).toBe(1);
  for (const { startTime, endTime } of spans()) {
    const [start, end] = [startTime, endTime].map(([seconds, nanoseconds]) => seconds * 1000 + nanoseconds / 1e6);
    expect(start).toBeGreaterThanOrEqual(before);
    expect(end).toBeLessThanOrEqual(after + 1);
    expect(end).toBeGreaterThanOrEqual(start ?? Number.NaN);
  }
});

test('no metric and no span contains an id, a value, a path or the key', async () => {
  const { sandbox, destination, metrics, spans } = await watched();
  sandbox.addUser({ externalId: 'ada-lovelace' });
  const refusal = { errors: ['ada-lovelace may not have private-plan at /apps/x/users/by/external_id/ada-lovelace'] };
  sandbox.fail({ status: 400, body: refusal, times: 1 });
  sandbox.fail({ drop: 'before', times: 1 });
  for (const trait of ['plan', 'tier', 'level'])
    await destination.deliver([{ type: 'identify', userId: 'ada-lovelace', traits: { [trait]: 'private-plan' } }]);
  const seen = inspect(
    [await metrics(), spans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events }))],
    { depth: Number.POSITIVE_INFINITY },
  );
  expect(spans().length).toBeGreaterThanOrEqual(4);
  for (const secret of ['ada-lovelace', 'private-plan', apiKey, '/apps/', appId]) expect(seen).not.toContain(secret);
});
