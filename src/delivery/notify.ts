/**
 * Calls an observer. Errors that it throws, or that its promise rejects with, are ignored: an observer must not change
 * the delivery it observes.
 *
 * @internal
 */
export function notify<Seen extends readonly unknown[]>(
  observer: ((...seen: Seen) => unknown) | undefined,
  ...seen: Seen
): void {
  try {
    const answer = observer?.(...seen);
    if (answer instanceof Promise) answer.catch(() => {});
  } catch {
    // Ignored, as promised above.
  }
}
