/**
 * A signal that aborts with another one, or when the time is over.
 *
 * On Node 20, `AbortSignal.any` with an `AbortSignal.timeout` may never abort: the garbage collector can take the timeout.
 */
export function limitTime(signal: AbortSignal, ms: number): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  setTimeout(() => controller.abort(new Error(`nothing within ${ms / 1_000} seconds`)), ms).unref();
  signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller.signal;
}
