/** Finds how far a run has come when its works are done in any order. */
export interface Watermark<Mark> {
  /** Adds the next work. Call the returned function when it is done. */
  open(mark: Mark): () => void;
}

/** @param onReached - Called with the mark of the last work that is done with all before it, each time it changes. */
export function createWatermark<Mark>(onReached: (mark: Mark) => void): Watermark<Mark> {
  let works: { readonly mark: Mark; isDone: boolean }[] = [];
  let first = 0;
  const advance = (): void => {
    const before = first;
    while (works[first]?.isDone === true) first++;
    const last = works[first - 1];
    if (first === before || last === undefined) return;
    onReached(last.mark);
    // Cut off now and then: cutting each time would move the rest each time.
    if (first > 1000) {
      works = works.slice(first);
      first = 0;
    }
  };
  return {
    open(mark) {
      const work = { mark, isDone: false };
      works.push(work);
      return () => {
        work.isDone = true;
        advance();
      };
    },
  };
}
