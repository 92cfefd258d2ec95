/** Waits until the process has nothing to do but wait for timers and I/O. */
export interface PromiseSettler {
  /** Resolves when every promise that can settle has settled. */
  settled(): Promise<void>;
  /** Closes the message port, which would keep the process alive. */
  close(): void;
}

/**
 * Waits by means of a message port: every runtime has one, and fake timers, which a test may use at the same time, do
 * not replace it.
 *
 * @internal
 */
export function createPromiseSettler(): PromiseSettler {
  const { port1, port2 } = new MessageChannel();
  let wake = (): void => {};
  port1.addEventListener('message', () => wake());
  port1.start();
  return {
    settled: () =>
      new Promise((resolve) => {
        wake = resolve;
        port2.postMessage(0);
      }),
    close: () => port1.close(),
  };
}
