import type { Saved } from './checkpoint.js';
import type { RunState } from './run-state.js';
import { problemsOf, type Tally } from './tally.js';

const checkpointMs = 1_000;

/**
 * Saves how far the run has come, at most once a second.
 *
 * @param onError - Called once if that fails, such as for a full disk.
 */
export function createSaver<Mark>(
  { checkpoint, failed }: RunState<Mark>,
  tally: Tally,
  onError: (thrown: unknown) => void,
) {
  let mark = checkpoint?.saved?.mark;
  let isSaved = true;
  const before = checkpoint?.saved?.problems ?? 0;
  const save = (isFinished: boolean): void => {
    const saved: Saved<Mark> = {
      mark,
      failed: { path: failed.path, bytes: failed.bytes() },
      problems: problemsOf(tally) + before,
      isFinished,
    };
    checkpoint?.save(saved);
    isSaved = true;
  };
  const timer = setInterval(() => {
    if (isSaved) return;
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
      isSaved = false;
    },
    stop: () => clearInterval(timer),
  };
}
