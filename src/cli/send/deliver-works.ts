import type { Deliverer, DeliveryError, Outcome } from 'segment-onesignal';
import { createRedelivery, type Pending } from './redelivery.js';
import { createRoom } from './room.js';
import { createWatermark } from './watermark.js';
import type { SourcedEvent, Work } from './work.js';

/** Options of {@link deliverWorks}. */
export interface DeliverWorksOptions<Mark> {
  readonly destination: Deliverer;
  /** How many events may be under way, those that wait for a redelivery included. */
  readonly windowEvents: number;
  /** How often a retryable event is delivered before it counts as exhausted. */
  readonly attempts: number;
  /** Deadline of one call of `deliver`, in milliseconds. */
  readonly deadlineMs: number;
  /** Ends the run: what is in flight is finished, and nothing else is started. */
  readonly signal: AbortSignal;
  /** Called with the last outcome of each event. It is `retryable` if the event is exhausted. */
  readonly onSettled: (event: SourcedEvent, outcome: Outcome) => void;
  /** Called when an event comes back and waits for its redelivery. */
  readonly onRetry: (event: SourcedEvent, outcome: Outcome) => void;
  /** Called when everything up to a mark is done. */
  readonly onReached: (mark: Mark) => void;
}

/** How a run ended. */
export interface RunEnd {
  /** Whether everything was delivered, as far as that is possible. */
  readonly isComplete: boolean;
  /** OneSignal refused the key, which ends the run. */
  readonly refusal?: DeliveryError | undefined;
}

/** One work on its way. */
interface Job {
  readonly pending: readonly Pending[];
  readonly finish: () => void;
}

/** With this many events, what a call of `deliver` costs does not matter. */
const eventsPerCall = 100;

/** Delivers works in order, several calls at a time. Retryable events are delivered again after their wait. */
export async function deliverWorks<Mark>(
  works: AsyncIterable<Work<Mark>>,
  options: DeliverWorksOptions<Mark>,
): Promise<RunEnd> {
  const { signal } = options;
  const room = createRoom(options.windowEvents);
  const watermark = createWatermark<Mark>(options.onReached);
  const calls = createCalls(options, room.release);
  const stop = (): void => {
    calls.stop();
    room.open();
  };
  calls.onRefusal(stop);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    for await (const { events, mark } of works) {
      await room.take(events.length);
      if (calls.isStopped()) break;
      const finish = watermark.open(mark);
      if (events.length === 0) finish();
      else calls.add({ pending: events.map((event) => ({ event, deliveries: 0 })), finish });
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    await calls.end();
    signal.removeEventListener('abort', stop);
  }
  return { isComplete: !calls.isStopped(), refusal: calls.refusal() };
}

/** Bundles jobs into calls of `deliver`, and delivers again what comes back. */
function createCalls<Mark>(options: DeliverWorksOptions<Mark>, release: (events: number) => void) {
  const { destination, deadlineMs } = options;
  let batch: Job[] = [];
  let batched = 0;
  let running = 0;
  let isStopped = false;
  let refusal: DeliveryError | undefined;
  let failure: { thrown: unknown } | undefined;
  let whenIdle = (): void => {};
  let whenRefused = (): void => {};
  const redelivery = createRedelivery<Job>((job) => launch([job]));

  const deliver = async (jobs: readonly Job[]): Promise<void> => {
    const events = jobs.flatMap(({ pending }) => pending.map(({ event }) => event.event));
    const outcomes = await destination.deliver(events, { deadlineMs });
    let start = 0;
    for (const job of jobs) {
      settle(job, outcomes.slice(start, start + job.pending.length));
      start += job.pending.length;
    }
  };
  const settle = (job: Job, outcomes: readonly Outcome[]): void => {
    const again: { pending: Pending; outcome: Outcome }[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const pending = job.pending[index];
      if (pending === undefined) continue;
      if (outcome.status === 'retryable' && outcome.error.code === 'unauthorized') refusal = outcome.error;
      const isRefused = refusal !== undefined || isStopped;
      if (outcome.status === 'retryable' && (isRefused || pending.deliveries + 1 < options.attempts)) {
        again.push({ pending: { ...pending, deliveries: pending.deliveries + 1 }, outcome });
        options.onRetry(pending.event, outcome);
      } else {
        release(1);
        options.onSettled(pending.event, outcome);
      }
    }
    if (again.length === 0) job.finish();
    else if (!isStopped) redelivery.add({ ...job, pending: again.map(({ pending }) => pending) }, again);
    if (refusal !== undefined) whenRefused();
  };
  const launch = (jobs: readonly Job[]): void => {
    running++;
    deliver(jobs)
      .catch((thrown: unknown) => {
        failure = { thrown };
        whenRefused();
      })
      .finally(() => {
        running--;
        whenIdle();
      });
  };
  const flush = (): void => {
    if (batch.length > 0 && !isStopped) launch(batch);
    batch = [];
    batched = 0;
  };
  return {
    add(job: Job): void {
      // When the archive has to be read on, what is there goes.
      if (batch.push(job) === 1) setImmediate(flush);
      batched += job.pending.length;
      if (batched >= eventsPerCall) flush();
    },
    stop(): void {
      isStopped = true;
      redelivery.stop();
      whenIdle();
    },
    isStopped: () => isStopped,
    refusal: () => refusal,
    onRefusal(callback: () => void): void {
      whenRefused = callback;
    },
    /** Resolves when nothing is under way any more. */
    async end(): Promise<void> {
      flush();
      while (running > 0 || redelivery.waiting() > 0)
        await new Promise<void>((resolve) => {
          whenIdle = resolve;
        });
      if (failure !== undefined) throw failure.thrown;
    },
  };
}
