import type { Clock } from '../../clock.js';
import { createRandom } from '../../sandbox/faults.js';

/** A clock that only moves when it is told to. */
export interface VirtualClock extends Clock {
  /** Moves on to the next timer and runs it. Returns `false` if there is none. */
  runNext(): boolean;
}

interface Timer {
  readonly at: number;
  /** Timers of the same time run in the order in which they were set. */
  readonly number: number;
  /** Absent once the timer is cancelled, so that the memory it holds can be freed before it is due. */
  callback: (() => void) | undefined;
}

/** @internal */
export function createVirtualClock(startMs: number, seed: number): VirtualClock {
  let now = startMs;
  let count = 0;
  const timers = createQueue();
  return {
    now: () => now,
    random: createRandom(seed),
    after(ms, callback) {
      const timer: Timer = { at: now + Math.max(ms, 0), number: count++, callback };
      timers.add(timer);
      return () => {
        timer.callback = undefined;
      };
    },
    runNext() {
      for (let timer = timers.take(); timer !== undefined; timer = timers.take()) {
        if (timer.callback === undefined) continue;
        now = timer.at;
        timer.callback();
        return true;
      }
      return false;
    },
  };
}

/** A binary heap: a stream of events keeps thousands of timers, most of them deadlines that are never reached. */
function createQueue(): { add(timer: Timer): void; take(): Timer | undefined } {
  const heap: Timer[] = [];
  const isBefore = (one: Timer | undefined, other: Timer | undefined): boolean =>
    one !== undefined &&
    other !== undefined &&
    (one.at < other.at || (one.at === other.at && one.number < other.number));
  const swap = (one: number, other: number): void => {
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  };
  return {
    add(timer) {
      let index = heap.push(timer) - 1;
      for (let parent = (index - 1) >> 1; isBefore(heap[index], heap[parent]); parent = (index - 1) >> 1) {
        swap(index, parent);
        index = parent;
      }
    },
    take() {
      swap(0, heap.length - 1);
      const first = heap.pop();
      for (let index = 0; ; ) {
        const [left, right] = [2 * index + 1, 2 * index + 2];
        const child = isBefore(heap[right], heap[left]) ? right : left;
        if (!isBefore(heap[child], heap[index])) return first;
        swap(index, child);
        index = child;
      }
    },
  };
}
