/** Reads a source until a signal aborts, also while it waits for the source. Throws the signal's reason. */
export async function* stoppable<Item>(
  source: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const items = source[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await orStop(items.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that is waiting for data would not return before it has some.
    items.return?.().catch(() => {});
  }
}

/** A new promise each time: a race against one that stays pending would keep every item in memory. */
function orStop<Value>(pending: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
