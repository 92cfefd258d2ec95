/** Lets the promises of the process run. */
export interface Turns {
  /** Resolves when every promise that can settle has settled. */
  next(): Promise<void>;
  /** Lets go of the port, which would keep a process alive. */
  end(): void;
}

/**
 * Takes turns with a message port: fake timers, which a test may use at the same time, leave it alone, and every runtime
 * has one.
 *
 * @internal
 */
export function createTurns(): Turns {
  const { port1, port2 } = new MessageChannel();
  let wake = (): void => {};
  port1.addEventListener('message', () => wake());
  port1.start();
  return {
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
        port2.postMessage(0);
      }),
    end: () => port1.close(),
  };
}
