import type { Clock } from '../../clock.js';
import type { Verdict } from '../judging/verdict.js';

const firstBackoffMs = 500;
const maxBackoffMs = 5_000;

/**
 * Milliseconds until the next attempt in this process; `undefined` if another attempt would not help, would come sooner
 * than the server asked, or would miss the deadline.
 *
 * Full jitter: a random part of a span that doubles, so that requests that failed together do not return together.
 *
 * @see {@link https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ | AWS: Exponential backoff and jitter}
 * @internal
 */
export function retryDelay(
  verdict: Verdict,
  attempt: number,
  maxRetryAfterMs: number,
  deadlineAt: number,
  clock: Clock,
): number | undefined {
  if (verdict.kind !== 'retryable') return undefined;
  // An increment without a clear answer may have been applied. Another attempt would count it twice.
  if (verdict.error.operation === 'add_purchases' && verdict.error.code !== 'rate_limited') return undefined;
  const askedMs = verdict.retryAfterMs ?? 0;
  if (askedMs > maxRetryAfterMs) return undefined;
  const spanMs = Math.min(firstBackoffMs * 2 ** (attempt - 1), maxBackoffMs);
  const delayMs = Math.max(askedMs, Math.ceil(clock.random() * spanMs));
  return clock.now() + delayMs < deadlineAt ? delayMs : undefined;
}
