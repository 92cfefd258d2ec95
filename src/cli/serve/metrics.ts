import type { Attempt, Outcome } from 'segment-onesignal';

/** Counts what a receiver does, in Prometheus' text format. */
export interface Metrics {
  event(outcome: Outcome): void;
  /** A request to OneSignal. */
  attempt(attempt: Attempt): void;
  /** A request of a client. */
  answer(endpoint: string, status: number, durationMs: number): void;
  /** @see {@link https://prometheus.io/docs/instrumenting/exposition_formats/ | Prometheus: exposition formats} */
  format(): string;
}

type Labels = Readonly<Record<string, string>>;

/** Segment waits 5 seconds. */
const bucketSeconds = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5];

export function createMetrics(): Metrics {
  const events = createCounter('events_total', 'Events by outcome, and why.');
  const attempts = createCounter('onesignal_requests_total', 'Requests to OneSignal by operation and status.');
  const answers = createHistogram('http_request_duration_seconds', 'Time to answer a client.');
  return {
    event(outcome) {
      const reason = outcome.status === 'skipped' ? outcome.reason : 'error' in outcome ? outcome.error.code : '';
      events.add({ outcome: outcome.status, reason });
    },
    attempt: ({ operation, status }) =>
      attempts.add({ operation, status: status === undefined ? 'none' : String(status) }),
    answer: (endpoint, status, durationMs) => answers.add({ endpoint, status: String(status) }, durationMs / 1000),
    format: () => [events, attempts, answers].map((metric) => metric.format()).join(''),
  };
}

function createCounter(name: string, help: string) {
  const counts = new Map<string, number>();
  return {
    add(labels: Labels): void {
      const key = formatLabels(labels);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    format: () =>
      `${headOf(name, help, 'counter')}${[...counts].map(([labels, count]) => `${full(name)}${labels} ${count}\n`).join('')}`,
  };
}

function createHistogram(name: string, help: string) {
  const series = new Map<string, { readonly labels: Labels; readonly buckets: number[]; sum: number; count: number }>();
  return {
    add(labels: Labels, seconds: number): void {
      const key = formatLabels(labels);
      const known = series.get(key) ?? { labels, buckets: bucketSeconds.map(() => 0), sum: 0, count: 0 };
      series.set(key, known);
      known.sum += seconds;
      known.count++;
      for (const [index, limit] of bucketSeconds.entries())
        if (seconds <= limit) known.buckets[index] = (known.buckets[index] ?? 0) + 1;
    },
    format() {
      const lines = [...series.values()].flatMap(({ labels, buckets, sum, count }) => [
        ...bucketSeconds.map(
          (le, index) => `${full(name)}_bucket${formatLabels({ ...labels, le: String(le) })} ${buckets[index]}\n`,
        ),
        `${full(name)}_bucket${formatLabels({ ...labels, le: '+Inf' })} ${count}\n`,
        `${full(name)}_sum${formatLabels(labels)} ${sum}\n`,
        `${full(name)}_count${formatLabels(labels)} ${count}\n`,
      ]);
      return `${headOf(name, help, 'histogram')}${lines.join('')}`;
    },
  };
}

function full(name: string): string {
  return `segment_onesignal_${name}`;
}

function headOf(name: string, help: string, type: string): string {
  return `# HELP ${full(name)} ${help}\n# TYPE ${full(name)} ${type}\n`;
}

/** Values are codes and statuses, which need no escapes. */
function formatLabels(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}
