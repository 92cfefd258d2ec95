import type { Clock } from '../../clock.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import type { Answer } from '../judging/verdict.js';
import type { SharedWork } from '../shared-work.js';
import type { Exchange, StartExchange } from './exchange.js';

/**
 * Sends a request once. Ends when an answer arrives, when `timeoutMs` has passed or when nobody waits for it any
 * longer, no matter how the transport reacts to an abort.
 *
 * @internal
 */
export function attemptOnce(
  startExchange: StartExchange,
  request: OneSignalRequest,
  timeoutMs: number,
  work: SharedWork,
  clock: Clock,
): Promise<Answer> {
  return new Promise((resolve) => {
    let exchange: Exchange | undefined;
    let isOpen = true;
    const end = (answer: Answer): void => {
      // A transport may settle long after its time was over.
      if (!isOpen) return;
      isOpen = false;
      cancelTimeout();
      dispose();
      resolve(answer);
    };
    const giveUp = (answer: Answer): void => {
      end(answer);
      exchange?.abort();
    };
    const cancelTimeout = clock.after(timeoutMs, () => giveUp({ kind: 'timeout', timeoutMs }));
    const dispose = work.onCancel(() => giveUp({ kind: 'cancelled' }));
    if (work.isCancelled) {
      end({ kind: 'cancelled' });
      return;
    }
    const rejected = (thrown: unknown) => end({ kind: 'rejected', thrown });
    try {
      exchange = startExchange(request);
      // The transport's own code may have ended the call.
      if (!isOpen) exchange.abort();
      exchange.answer.then((response) => end({ kind: 'response', response }), rejected);
    } catch (thrown) {
      rejected(thrown);
    }
  });
}
