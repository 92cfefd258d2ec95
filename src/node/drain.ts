import type { IncomingMessage } from 'node:http';

/**
 * Milliseconds that a client has to finish sending a body that is no longer needed; the same as nginx's
 * `lingering_timeout`.
 */
const maxDrainMs = 5_000;

/**
 * Bytes that are discarded before the connection is cut: enough for a body that is somewhat too large, not for an
 * endless one.
 */
const maxDrainBytes = 16_000_000;

/**
 * Reads and discards the rest of the body of a request that was answered.
 *
 * Unread bytes would reset the connection before the client has read its answer, and would block the next request on
 * it. The connection of a client that sends for too long is cut.
 */
export function drain(incoming: IncomingMessage): void {
  if (!incoming.complete && !incoming.destroyed) {
    let left = maxDrainBytes;
    const end = () => void incoming.destroy();
    const timer = setTimeout(end, maxDrainMs);
    // A closing server waits for its connections anyway, so the timer need not keep the process alive.
    timer.unref();
    incoming.on('data', (chunk: Uint8Array) => {
      left -= chunk.byteLength;
      if (left < 0) end();
    });
    incoming.once('end', () => clearTimeout(timer));
    incoming.once('close', () => clearTimeout(timer));
  }
  incoming.resume();
}
