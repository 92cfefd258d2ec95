import type { RunOnQueue } from './options.js';
import type { TakenEvent } from './taken-events.js';
import type { WorkerClock } from './worker-clock.js';

/** What a session runs with. Times in milliseconds. */
export interface SessionSettings {
  readonly run: RunOnQueue;
  readonly clock: WorkerClock;
  readonly leaseMs: number;
  /** How long to wait for an answer of Redis. */
  readonly answerMs: number;
  readonly userIntervalMs: number;
  readonly repairMs: number;
  readonly maxInFlight: number;
  readonly onRedisError: (thrown: unknown) => void;
  /** Called with the first event of each answer of Redis that brings events. */
  readonly onTaken: (event: TakenEvent) => void;
}
