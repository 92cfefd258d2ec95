import { notify } from '../delivery/notify.js';
import { checkRedis } from '../redis/check-redis.js';
import { Fence, momentNow } from './fence.js';
import type { FleetNotice } from './notice.js';
import { onQueue } from './options.js';
import { createDigestOf } from './partition.js';
import { repair } from './scripts/repair.js';
import { beatOnce, Session } from './session.js';
import { createSessionDestination } from './session-destination.js';
import type { SessionSettings } from './session-settings.js';
import type { TakenEvent } from './taken-events.js';
import { sleep, within } from './within.js';
import { createWorkerClock } from './worker-clock.js';
import { checkWorkerOptions, type FleetWorkerOptions } from './worker-options.js';

/** A worker of a fleet. */
export interface FleetWorker {
  /**
   * Works until {@link FleetWorker.close} is called. Call it once.
   *
   * @throws `ConfigurationError` if Redis is too old or, with `strict`, may lose events.
   */
  run(): Promise<void>;
  /**
   * Takes no more events, waits for those in flight, and gives its partitions to the other workers. It ends a second
   * after `closeTimeoutMs` at the latest, even if Redis does not answer. Then `run` ends too.
   */
  close(): Promise<void>;
}

/** How long Redis may take to hear that a closed worker gives its partitions back. Without that, others wait for the lease. */
const goodbyeMs = 1_000;
/** How often a closed worker tries to report late requests. */
const maxRepairsAfterClose = 10;

type WorkerSettings = FleetWorkerOptions & { leaseMs: number; closeTimeoutMs: number };

/**
 * Creates a worker that sends the events of a fleet to OneSignal. Run as many as you like, on any number of machines:
 * they divide the users among themselves.
 *
 * - Each user's events belong to one worker at a time, which merges them and writes at most once a second.
 * - A crashed worker's events go to the others after `leaseMs`. A worker that was frozen for longer sends nothing more
 *   when it wakes up; if a request was in flight, the events delivered since are written again.
 * - A retryable event returns after the time that OneSignal asked for, but at most an hour, and delays no other user. A
 *   failed one becomes a dead letter ({@link readDeadLetters}).
 *
 * @param options - The client of Redis, the name of the queue, and the options of the destination.
 * @returns The worker. It does nothing before `run`.
 * @throws `ConfigurationError` if an option is missing, invalid or unknown.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createFleetWorker } from 'segment-onesignal/fleet';
 *
 * const connection = new Redis('redis://127.0.0.1:6379');
 * const destination = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' };
 * const worker = createFleetWorker({ connection, destination, onNotice: ({ message }) => console.warn(message) });
 * process.once('SIGTERM', () => worker.close());
 * await worker.run();
 * connection.disconnect();
 * ```
 */
export function createFleetWorker(options: FleetWorkerOptions): FleetWorker {
  checkWorkerOptions(options);
  const worker = new Worker(options);
  return { run: () => worker.run(), close: () => worker.close() };
}

const leaseLost =
  'The lease of the worker ended before it was renewed. Others take over, and this worker starts again.';

const userDiffers =
  'Events were stored for other users than those of "mapping.user". Pass the same value as "user" to createFleetReceiver.';

class Worker {
  readonly #options: WorkerSettings;
  readonly #settings: SessionSettings;
  #session: Session | undefined;
  #isClosing = false;
  #running: Promise<void> | undefined;
  #abandon = (): void => {};
  readonly #abandoned = new Promise<void>((resolve) => {
    this.#abandon = resolve;
  });

  constructor(options: FleetWorkerOptions) {
    const { leaseMs = 10_000, maxInFlight = 8_000, closeTimeoutMs = 8_000, repairMs = 3_600_000 } = options;
    this.#options = { ...options, leaseMs, closeTimeoutMs };
    const { destination } = options;
    this.#settings = {
      run: onQueue(options),
      clock: createWorkerClock(),
      leaseMs,
      answerMs: leaseMs / 3,
      maxInFlight,
      repairMs,
      userIntervalMs: destination.delivery?.userIntervalMs ?? 1_000,
      onRedisError: (thrown) =>
        this.#notify({ code: 'redis_failed', message: `A Redis command failed: ${messageOf(thrown)}` }),
      onTaken: this.#createUserCheck(),
    };
  }

  run(): Promise<void> {
    this.#running ??= Promise.race([this.#runAll(), this.#abandoned]);
    return this.#running;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const session = this.#session;
    session?.close();
    const timeoutMs = session === undefined ? 0 : this.#options.closeTimeoutMs;
    const timers = [setTimeout(() => session?.end(), timeoutMs), setTimeout(this.#abandon, timeoutMs + goodbyeMs)];
    await this.#running?.catch(() => {});
    timers.forEach(clearTimeout);
  }

  async #runAll(): Promise<void> {
    const { connection, strict } = this.#options;
    const { warnings } = await checkRedis(connection, { strict });
    for (const { message } of warnings) this.#notify({ code: 'redis_warning', message });
    while (!this.#isClosing) await this.#runSession();
  }

  async #runSession(): Promise<void> {
    const { leaseMs } = this.#options;
    const sentAt = momentNow();
    const start = await beatOnce(this.#settings, '').catch(this.#settings.onRedisError);
    if (start === undefined) {
      await sleep(500);
      return;
    }
    const onLate = (): void => void this.#repair(session.partitions);
    const fence = new Fence({ leaseMs, marginMs: Math.min(leaseMs / 5, 1_000), onLate }, sentAt);
    const session: Session = new Session(start, this.#settings, fence);
    const { destination, forget } = createSessionDestination(
      this.#options,
      fence,
      this.#settings.clock,
      (input, outcome) => session.settle(input, outcome),
    );
    this.#session = session;
    if (this.#isClosing) session.close();
    await session.run(destination, forget);
    if (!this.#isClosing) this.#notify({ code: 'lease_lost', message: leaseLost });
  }

  async #repair(partitions: readonly number[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { run, leaseMs } = this.#settings;
        const count = await within(leaseMs, run(repair, partitions));
        const message = `Requests may have reached OneSignal after the lease. Events to write again: ${Number(count)}.`;
        this.#notify({ code: 'repaired', message });
        return;
      } catch (thrown) {
        this.#settings.onRedisError(thrown);
        // After `close`, the connection may be closed for good.
        if (this.#isClosing && attempt >= maxRepairsAfterClose) return;
        await sleep(200);
      }
    }
  }

  /** Says once that receivers and workers do not agree on the user of an event. */
  #createUserCheck(): (event: TakenEvent) => void {
    const digestOf = createDigestOf(this.#options.destination.mapping?.user);
    let isReported = false;
    return ({ input, user }) => {
      if (isReported || (digestOf(input) ?? user) === user) return;
      isReported = true;
      this.#notify({ code: 'user_differs', message: userDiffers });
    };
  }

  #notify(notice: FleetNotice): void {
    notify(this.#options.onNotice, notice);
  }
}

/** Errors of clients hold the command, and the command the events: the first line of the message alone does not. */
function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '').slice(0, 200) : 'unknown error';
}
