import type { IncomingMessage } from 'node:http';

/** Milliseconds a client has to end the body that nobody waits for; nginx's `lingering_timeout` is the same. */
const maxDrainMs = 5_000;

/** Bytes that are thrown away for it: a body that is a little too large passes, an endless one does not. */
const maxDrainBytes = 16_000_000;

/**
 * Reads what is left of an answered request's body and throws it away: unread bytes would reset the connection before the client has read its answer,
 * and would block the next request on it. A client that goes on for too long has its connection ended.
 */
export function drain(incoming: IncomingMessage): void {
  if (!incoming.complete && !incoming.destroyed) {
    let left = maxDrainBytes;
    const end = () => void incoming.destroy();
    const timer = setTimeout(end, maxDrainMs);
    // A server that was closed waits for its connections anyway.
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
