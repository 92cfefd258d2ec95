/** Rejects if the promise takes longer than this many milliseconds. Its result is then lost. @internal */
export function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${Math.round(ms)} ms.`)), ms);
    // The connection keeps the process alive, for as long as somebody may be waiting.
    Object(timer).unref?.();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Resolves after this many milliseconds. @internal */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
