/**
 * Tells an observer. What it throws is ignored, and so is what an async one rejects with: an observer must not change what it observes.
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
    // Ignored, as promised.
  }
}
