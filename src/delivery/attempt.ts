import type { OneSignalRequest, Transport } from '../onesignal/transport.js';
import type { Flight } from './flight.js';
import type { Answer } from './verdict.js';

/**
 * Sends a request once. Ends when an answer came, when `timeoutMs` is over, or when nobody waits for it any more, whatever the transport makes of its signal.
 *
 * @internal
 */
export function attemptOnce(
  transport: Transport,
  request: OneSignalRequest,
  timeoutMs: number,
  flight: Flight,
): Promise<Answer> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    let isOpen = true;
    const end = (answer: Answer): void => {
      // A transport may settle long after its time was over, when the flight waits for something else.
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      flight.cancel = undefined;
      resolve(answer);
    };
    const timer = setTimeout(() => {
      end({ kind: 'timeout', timeoutMs });
      controller.abort();
    }, timeoutMs);
    flight.cancel = () => {
      end({ kind: 'cancelled' });
      controller.abort();
    };
    if (flight.cancelled) {
      flight.cancel();
      return;
    }
    const rejected = (thrown: unknown) => end({ kind: 'rejected', thrown });
    try {
      Promise.resolve(transport.send(request, { signal: controller.signal })).then(
        (response) => end({ kind: 'response', response }),
        rejected,
      );
    } catch (thrown) {
      rejected(thrown);
    }
  });
}
