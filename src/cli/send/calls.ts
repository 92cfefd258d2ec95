import type { DeliveryError, Outcome } from 'segment-onesignal';
import { createRedelivery, type Pending } from './redelivery.js';
import type { DeliverWorksOptions } from './works-options.js';

/** One work on its way. */
interface Job {
  readonly pending: readonly Pending[];
  readonly finish: () => void;
}

/** With this many events, what a call of `deliver` costs does not matter. */
const eventsPerCall = 100;

/** Bundles jobs into calls of `deliver`, and delivers again what comes back. */
export function createCalls<Mark>(options: DeliverWorksOptions<Mark>, release: (events: number) => void) {
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
