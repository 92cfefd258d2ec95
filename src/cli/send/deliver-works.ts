import type { DeliveryError } from 'segment-onesignal';
import { createCalls } from './calls.js';
import { createRoom } from './room.js';
import { createWatermark } from './watermark.js';
import type { Work } from './work.js';
import type { DeliverWorksOptions } from './works-options.js';

/** How a run ended. */
export interface RunEnd {
  /** Whether everything was delivered, as far as that is possible. */
  readonly isComplete: boolean;
  /** OneSignal refused the key, which ends the run. */
  readonly refusal?: DeliveryError | undefined;
}

/** Delivers works in order, several calls at a time. Retryable events are delivered again after their wait. */
export async function deliverWorks<Mark>(
  works: AsyncIterable<Work<Mark>>,
  options: DeliverWorksOptions<Mark>,
): Promise<RunEnd> {
  const { signal } = options;
  const room = createRoom(options.windowEvents);
  const watermark = createWatermark<Mark>(options.onReached);
  const calls = createCalls(options, room.release);
  const stop = (): void => {
    calls.stop();
    room.open();
  };
  calls.onRefusal(stop);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    for await (const { events, mark } of works) {
      await room.take(events.length);
      if (calls.isStopped()) break;
      const finish = watermark.open(mark);
      if (events.length === 0) finish();
      else calls.add({ pending: events.map((event) => ({ event, deliveries: 0 })), finish });
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    await calls.end();
    signal.removeEventListener('abort', stop);
  }
  return { isComplete: !calls.isStopped(), refusal: calls.refusal() };
}
