import type { Refusal } from './refusal.js';

/**
 * Answers a request that was refused before anything was delivered.
 *
 * @internal
 */
export function answerRefused({ status, message }: Refusal, allow: readonly string[]): Response {
  const headers: Record<string, string> =
    status === 405 ? { allow: allow.join(', ') } : status === 503 ? { 'retry-after': retryAfter(0) } : {};
  return Response.json({ message }, { status, headers });
}

/**
 * Milliseconds as the whole seconds of a `Retry-After` header; at least 1, because 0 would invite a tight loop.
 *
 * @internal
 */
export function retryAfter(ms: number): string {
  return Number.isFinite(ms) ? String(Math.max(1, Math.ceil(ms / 1_000))) : '1';
}
