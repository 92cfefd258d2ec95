import type { Verdict } from '../judging/verdict.js';

const firstBackoffMs = 500;
const maxBackoffMs = 5_000;

/**
 * How long to wait before trying again in this process; `undefined` where that does not help, would be sooner than asked, or would miss the deadline.
 *
 * Full jitter: a random part of a span that doubles, so that those who failed together do not come back together.
 *
 * @see {@link https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ | AWS: Exponential backoff and jitter}
 * @internal
 */
export function retryDelay(
  verdict: Verdict,
  attempt: number,
  maxRetryAfterMs: number,
  deadlineAt: number,
): number | undefined {
  if (verdict.kind !== 'retryable') return undefined;
  // An increment that got no clear answer may have been applied: trying again at once would count it twice.
  if (verdict.error.operation === 'add_purchases' && verdict.error.code !== 'rate_limited') return undefined;
  const asked = verdict.retryAfterMs ?? 0;
  if (asked > maxRetryAfterMs) return undefined;
  const span = Math.min(firstBackoffMs * 2 ** (attempt - 1), maxBackoffMs);
  const delayMs = Math.max(asked, Math.ceil(Math.random() * span));
  return Date.now() + delayMs < deadlineAt ? delayMs : undefined;
}
