import type { RunOnQueue } from './options.js';

/** What a session runs with. Times in milliseconds. */
export interface SessionSettings {
  readonly run: RunOnQueue;
  readonly leaseMs: number;
  /** How long to wait for an answer of Redis. */
  readonly answerMs: number;
  readonly userIntervalMs: number;
  readonly repairMs: number;
  readonly maxInFlight: number;
  readonly onRedisError: (thrown: unknown) => void;
}
