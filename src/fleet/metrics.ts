import { checkFleetOptions, type FleetOptions, onQueue } from './options.js';
import { partitionCount } from './partition.js';
import { look } from './scripts/look.js';

/** What a queue holds: `{ depth: 120, retryables: 3, oldestAgeMs: 850, deadLetters: 0, … }`. */
export interface FleetMetrics {
  /** Events that have not been delivered yet, including those in flight and those that wait for a retry. */
  depth: number;
  /** Events that workers have in their memory. */
  inFlight: number;
  /** Events that wait for a retry. */
  retryables: number;
  /** Age of the oldest event that has not been delivered yet, in milliseconds; 0 if there is none. */
  oldestAgeMs: number;
  /** Dead letters: at most 100,000 are kept. */
  deadLetters: number;
  /** Delivered events that are kept for a repair. */
  keptForRepair: number;
  /** Workers with a lease. */
  workers: number;
  /** Events delivered or skipped since the queue was created. */
  completed: number;
  /** Events failed since the queue was created. */
  failed: number;
}

/**
 * Reads what a queue holds, in one command.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { readFleetMetrics } from 'segment-onesignal/fleet';
 *
 * const { depth, oldestAgeMs } = await readFleetMetrics({ connection: new Redis('redis://127.0.0.1:6379') });
 * console.log(`${depth} events, the oldest ${oldestAgeMs} ms old`);
 * ```
 *
 * @param options - The client of Redis, and the name of the queue.
 * @returns The figures.
 * @throws `ConfigurationError` if an option is invalid or unknown, and the client's error if Redis fails.
 */
export async function readFleetMetrics(options: FleetOptions): Promise<FleetMetrics> {
  checkFleetOptions(options, {});
  const reply = await onQueue(options)(look, [partitionCount]);
  const [due, inFlight, retryables, keptForRepair, deadLetters, workers, oldestAgeMs, completed, failed] = (
    Array.isArray(reply) ? reply : []
  ).map(Number);
  if (due === undefined || inFlight === undefined || retryables === undefined || keptForRepair === undefined)
    throw noFigures();
  if (deadLetters === undefined || workers === undefined || oldestAgeMs === undefined) throw noFigures();
  if (completed === undefined || failed === undefined) throw noFigures();
  const depth = due + inFlight + retryables;
  return {
    depth,
    inFlight,
    retryables,
    oldestAgeMs: depth === 0 ? 0 : Math.max(0, oldestAgeMs),
    deadLetters,
    keptForRepair,
    workers,
    completed,
    failed,
  };
}

function noFigures(): TypeError {
  return new TypeError('Redis answered with something other than the figures of a queue.');
}

const descriptions: readonly (readonly [keyof FleetMetrics, name: string, type: 'gauge' | 'counter', help: string])[] =
  [
    ['depth', 'queue_events', 'gauge', 'Events that have not been delivered yet.'],
    ['inFlight', 'in_flight_events', 'gauge', 'Events that workers have in their memory.'],
    ['retryables', 'retryable_events', 'gauge', 'Events that wait for a retry.'],
    ['oldestAgeMs', 'oldest_event_age_seconds', 'gauge', 'Age of the oldest event that has not been delivered yet.'],
    ['deadLetters', 'dead_letters', 'gauge', 'Events that failed and are kept.'],
    ['keptForRepair', 'kept_for_repair_events', 'gauge', 'Delivered events that are kept for a repair.'],
    ['workers', 'workers', 'gauge', 'Workers with a lease.'],
    ['completed', 'completed_events_total', 'counter', 'Events delivered or skipped.'],
    ['failed', 'failed_events_total', 'counter', 'Events that failed.'],
  ];

/**
 * Formats metrics in the text format of Prometheus.
 *
 * @example
 * ```ts
 * import { type FleetMetrics, formatFleetMetrics } from 'segment-onesignal/fleet';
 *
 * export const answer = (metrics: FleetMetrics) =>
 *   new Response(formatFleetMetrics(metrics, { queue: 'segment-events' }), {
 *     headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
 *   });
 * ```
 *
 * @param metrics - The figures.
 * @param labels - Labels of every line, such as the name of the queue.
 * @returns The text, which ends with a line feed. Names begin with `segment_onesignal_fleet_`.
 *
 * @see {@link https://prometheus.io/docs/instrumenting/exposition_formats/ | Prometheus: Exposition formats}
 */
export function formatFleetMetrics(metrics: FleetMetrics, labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  const suffix = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  const seconds: FleetMetrics = { ...metrics, oldestAgeMs: metrics.oldestAgeMs / 1_000 };
  return descriptions
    .map(([key, name, type, help]) => {
      const full = `segment_onesignal_fleet_${name}`;
      return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${full}${suffix} ${seconds[key]}\n`;
    })
    .join('');
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
