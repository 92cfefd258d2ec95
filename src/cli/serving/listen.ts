import { once } from 'node:events';
import type { Server } from 'node:http';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';

/**
 * Lets a server listen.
 *
 * @returns Its URL: `http://127.0.0.1:4010`.
 * @throws `CommandError` if the port is taken or not allowed.
 */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    const { code } = Object(thrown);
    const reason = code === 'EADDRINUSE' ? 'is taken: pass another one with --port' : `cannot be used (${code})`;
    throw new CommandError(`Port ${port} of ${host} ${reason}.`, exitCodes.failed);
  }
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
