import type { OneSignalRequest } from '../../onesignal/transport.js';
import type { Answer } from '../judging/verdict.js';
import type { Flight } from '../shared-work.js';
import type { Exchange, StartExchange } from './exchange.js';

/**
 * Sends a request once. Ends when an answer came, when `timeoutMs` is over, or when nobody waits for it any more, whatever the transport makes of an abort.
 *
 * @internal
 */
export function attemptOnce(
  start: StartExchange,
  request: OneSignalRequest,
  timeoutMs: number,
  flight: Flight,
): Promise<Answer> {
  return new Promise((resolve) => {
    let exchange: Exchange | undefined;
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
      exchange?.abort();
    }, timeoutMs);
    flight.cancel = () => {
      end({ kind: 'cancelled' });
      exchange?.abort();
    };
    if (flight.cancelled) {
      flight.cancel();
      return;
    }
    const rejected = (thrown: unknown) => end({ kind: 'rejected', thrown });
    try {
      exchange = start(request);
      // Whoever starts it may end the call on the way.
      if (!isOpen) exchange.abort();
      exchange.answer.then((response) => end({ kind: 'response', response }), rejected);
    } catch (thrown) {
      rejected(thrown);
    }
  });
}
