import type { Outcome } from 'segment-onesignal';
import type { SourcedEvent } from './work.js';

/** An event under way. */
export interface Pending {
  readonly event: SourcedEvent;
  /** How often it was delivered. */
  readonly deliveries: number;
}

const [firstWaitMs, longestWaitMs] = [1_000, 60_000];
/** An answer that asks for days is a mistake. After 25 days, a timer would even fire at once. */
const longestAskedMs = 3_600_000;

/** Delivers jobs again after a wait. */
export function createRedelivery<Job>(launch: (job: Job) => void) {
  const timers = new Set<NodeJS.Timeout>();
  return {
    /** The wait is the longest that one of the events asks for. */
    add(job: Job, events: readonly { readonly pending: Pending; readonly outcome: Outcome }[]): void {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          launch(job);
        },
        Math.max(...events.map(({ pending, outcome }) => waitMsOf(outcome, pending.deliveries))),
      );
      timers.add(timer);
    },
    waiting: () => timers.size,
    stop(): void {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** What the outcome asks for, up to an hour, or else 1 s, then 2 s, 4 s and so on up to a minute. */
function waitMsOf(outcome: Outcome, deliveries: number): number {
  const askedMs = outcome.status === 'retryable' ? outcome.retryAfterMs : undefined;
  const unaskedMs = Math.min(firstWaitMs * 2 ** (deliveries - 1), longestWaitMs);
  return Math.max(Math.min(askedMs ?? unaskedMs, longestAskedMs), firstWaitMs);
}
