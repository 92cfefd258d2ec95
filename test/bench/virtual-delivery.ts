import type { DeliveryOptions } from '../../src/delivery/options.js';
import type { StartExchange } from '../../src/delivery/sending/exchange.js';
import { createPipeline } from '../../src/pipeline.js';
import type { ArrivingEvents } from '../../src/testing/simulation/arrivals.js';
import { playHost } from '../../src/testing/simulation/host.js';
import { createVirtualClock } from '../../src/testing/simulation/virtual-clock.js';
import type { Session } from './sessions.js';

const appId = '00000000-0000-4000-8000-000000000001';
/** The time OneSignal takes to answer. */
const latencyMs = 50;
const startMs = Date.UTC(2026, 0, 1);

/** Sessions that arrive together, in one `deliver` call. */
export interface Arrival {
  /** Milliseconds since the start. May be a fraction. */
  ms: number;
  sessions: readonly Session[];
}

/**
 * Delivers sessions in virtual time to a OneSignal that accepts everything.
 *
 * It runs the sources and not the built package, which uses the system clock. The number of requests is the same.
 *
 * @param known - Sessions that are delivered first, so that the counted ones are not those of a new process.
 * @returns The number of requests.
 */
export async function deliverVirtually(
  known: readonly Session[],
  arrivals: readonly Arrival[],
  delivery: DeliveryOptions,
): Promise<{ requests: number }> {
  const clock = createVirtualClock(startMs, 1);
  let requests = 0;
  const startExchange: StartExchange = () => {
    requests++;
    const answer = { status: 202, headers: {}, body: {} };
    return { answer: new Promise((resolve) => clock.after(latencyMs, () => resolve(answer))), abort: () => {} };
  };
  const destination = createPipeline({ clock, appId, startExchange, delivery });
  const play = async (given: readonly Arrival[]): Promise<void> => {
    const fromMs = clock.now();
    const events: unknown[] = [];
    const arriving = given.map(({ ms, sessions }): ArrivingEvents => {
      const timestamp = new Date(fromMs + ms).toISOString();
      return { atMs: fromMs + ms, indexes: sessions.map(({ event }) => events.push({ ...event, timestamp }) - 1) };
    });
    const isBusy = () => false;
    const outcomes = await playHost({ events, arrivals: arriving, destination, redeliveries: 0, clock, isBusy });
    const other = outcomes.find(({ status }) => status !== 'delivered' && status !== 'skipped');
    if (other !== undefined) throw new Error(`An event was not delivered: ${JSON.stringify(other)}`);
  };
  await play([{ ms: 0, sessions: known }]);
  // After a second, every user can be written to again.
  clock.after(1_000, () => {});
  while (clock.runNext());
  requests = 0;
  await play(arrivals);
  return { requests };
}
