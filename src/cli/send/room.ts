/** Bounds what is under way, so that memory stays flat. For one caller of `take` at a time. */
export interface Room {
  /** Resolves when there is room. What is larger than the room waits until the room is empty. */
  take(size: number): Promise<void>;
  release(size: number): void;
  /** Lets the waiting caller go. */
  open(): void;
}

export function createRoom(limit: number): Room {
  let used = 0;
  let isOpen = false;
  let waiting: { readonly size: number; readonly go: () => void } | undefined;
  const admit = (): void => {
    if (waiting === undefined || !(isOpen || used === 0 || used + waiting.size <= limit)) return;
    used += waiting.size;
    waiting.go();
    waiting = undefined;
  };
  return {
    take: (size) =>
      new Promise((resolve) => {
        waiting = { size, go: resolve };
        admit();
      }),
    release(size) {
      used -= size;
      admit();
    },
    open() {
      isOpen = true;
      admit();
    },
  };
}
