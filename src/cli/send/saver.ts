import type { Saved } from './checkpoint.js';
import type { RunState } from './run-state.js';
import { problemsOf, type Tally } from './tally.js';

const checkpointMs = 1_000;

/**
 * Saves once a second how far the run has come. It also does so if nothing was done, to learn of another run.
 *
 * @param onError - Called once if that fails, such as for a full disk, or because another run goes on instead.
 */
export function createSaver<Mark>(
  { checkpoint, failed }: RunState<Mark>,
  tally: Tally,
  onError: (thrown: unknown) => void,
) {
  let mark = checkpoint?.saved?.mark;
  const before = checkpoint?.saved?.problems ?? 0;
  const save = (isFinished: boolean): void => {
    const saved: Saved<Mark> = {
      mark,
      failed: { path: failed.path, bytes: failed.bytes() },
      problems: problemsOf(tally) + before,
      isFinished,
    };
    checkpoint?.save(saved);
  };
  const timer = setInterval(() => {
    try {
      save(false);
    } catch (thrown) {
      clearInterval(timer);
      onError(thrown);
    }
  }, checkpointMs);
  return {
    save,
    reach(next: Mark): void {
      mark = next;
    },
    stop: () => clearInterval(timer),
  };
}
