import type { Outcome } from 'segment-onesignal';

/** Counts of a run. */
export interface Tally {
  readonly delivered: number;
  readonly skipped: ReadonlyMap<string, number>;
  /** By code of the error. */
  readonly failed: ReadonlyMap<string, number>;
  /** Retryable to the end. By code of the error. */
  readonly exhausted: ReadonlyMap<string, number>;
  /** Fields that were not carried over, by reason. */
  readonly dropped: ReadonlyMap<string, number>;
  /** By code. */
  readonly warnings: ReadonlyMap<string, number>;
  /** Redeliveries. */
  readonly retries: number;
  readonly requests: number;
  /** Lines that could not be read. */
  readonly broken: number;
  /** Events that the filters do not match. */
  readonly unmatched: number;
}

/** A tally that is being counted. */
export interface Counter extends Tally {
  settle(outcome: Outcome): void;
  retry(): void;
  request(): void;
  breakLine(): void;
  rejectEvent(): void;
  /** Counts events that mapping skips before anything is delivered. */
  skip(reason: string, events: number): void;
}

export function createCounter(): Counter {
  const skipped = new Map<string, number>();
  const failed = new Map<string, number>();
  const exhausted = new Map<string, number>();
  const dropped = new Map<string, number>();
  const warnings = new Map<string, number>();
  const counts = { delivered: 0, retries: 0, requests: 0, broken: 0, unmatched: 0 };
  return {
    skipped,
    failed,
    exhausted,
    dropped,
    warnings,
    get delivered() {
      return counts.delivered;
    },
    get retries() {
      return counts.retries;
    },
    get requests() {
      return counts.requests;
    },
    get broken() {
      return counts.broken;
    },
    get unmatched() {
      return counts.unmatched;
    },
    settle(outcome) {
      if (outcome.status === 'delivered') counts.delivered++;
      else if (outcome.status === 'skipped') add(skipped, outcome.reason, 1);
      else add(outcome.status === 'failed' ? failed : exhausted, outcome.error.code, 1);
      for (const { reason } of outcome.dropped) add(dropped, reason, 1);
      for (const { code } of outcome.warnings) add(warnings, code, 1);
    },
    retry: () => counts.retries++,
    request: () => counts.requests++,
    breakLine: () => counts.broken++,
    rejectEvent: () => counts.unmatched++,
    skip: (reason, events) => add(skipped, reason, events),
  };
}

/** Number of events that have their last outcome. */
export function settledOf({ delivered, skipped, failed, exhausted }: Tally): number {
  return delivered + sumOf(skipped) + sumOf(failed) + sumOf(exhausted);
}

/** Number of events and lines that have to be looked at. */
export function problemsOf({ failed, exhausted, broken }: Tally): number {
  return sumOf(failed) + sumOf(exhausted) + broken;
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
