import type { OneSignalRequest, OneSignalResponse, Transport } from 'segment-onesignal';
import { CommandError, innermostMessageOf } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';
import { limitTime } from '../limit-time.js';

const timeoutMs = 10_000;

/**
 * Sends one request, without retries.
 *
 * @param host - How a message names the other side.
 * @throws `CommandError` if nobody answers, and the signal's reason if it aborts.
 */
export async function askOneSignal(
  transport: Transport,
  request: OneSignalRequest,
  host: string,
  signal: AbortSignal,
): Promise<OneSignalResponse> {
  try {
    return await transport.send(request, { signal: limitTime(signal, timeoutMs) });
  } catch (thrown) {
    signal.throwIfAborted();
    throw new CommandError(
      `${host} did not answer: ${innermostMessageOf(thrown)}. Check the network and the base URL.`,
      exitCodes.failed,
    );
  }
}
