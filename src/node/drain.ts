import type { IncomingMessage } from 'node:http';

/**
 * Milliseconds that a client has to finish sending a body that is no longer needed; the same as nginx's
 * `lingering_timeout`.
 */
const maxDrainMs = 5_000;

/** Bytes that are discarded: enough for a body that is somewhat too large, not for an endless one. */
const maxDrainBytes = 16_000_000;

/** Milliseconds that a client has to read its answer, once its body is not read any further. */
const graceMs = 1_000;

/**
 * Reads and discards the rest of the body of a request that was answered.
 *
 * Unread bytes would reset the connection before the client has read its answer, and would block the next request on
 * it. The connection of a client that sends too much or for too long is cut. Some clients read only once they
 * are blocked from sending, so before the cut, the body is not read for a moment.
 */
export function drain(incoming: IncomingMessage): void {
  if (!incoming.complete && !incoming.destroyed) {
    let left = maxDrainBytes;
    const cutAfter = (ms: number) => {
      const timer = setTimeout(() => void incoming.destroy(), ms);
      // A closing server waits for its connections anyway, so the timer need not keep the process alive.
      timer.unref();
      incoming.once('end', () => clearTimeout(timer));
      incoming.once('close', () => clearTimeout(timer));
    };
    cutAfter(maxDrainMs);
    incoming.on('data', (chunk: Uint8Array) => {
      left -= chunk.byteLength;
      if (left >= 0 || incoming.isPaused()) return;
      incoming.pause();
      cutAfter(graceMs);
    });
  }
  incoming.resume();
}
