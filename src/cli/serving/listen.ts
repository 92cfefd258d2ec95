import { once } from 'node:events';
import type { Server } from 'node:http';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';

/**
 * Lets a server listen.
 *
 * @returns Its URL: `http://127.0.0.1:4010`.
 * @throws `CommandError` if the port is not available.
 */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    const { code } = Object(thrown);
    throw new CommandError(`Cannot listen on port ${port} of ${host}: ${reasons[code] ?? code}.`, exitCodes.failed);
  }
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied. Choose a port above 1023',
  EADDRINUSE: 'it is in use. Choose another port',
  EADDRNOTAVAIL: 'this machine does not have that address. Choose another host',
  ENOTFOUND: 'the host is unknown. Choose another host',
};

/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
