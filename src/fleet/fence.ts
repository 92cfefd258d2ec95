/** A moment by two clocks: one stands still while the machine is suspended, and the other can be set. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** @internal */
export function momentNow(): Moment {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

/** Milliseconds since a moment, by the clock that has seen more of them. @internal */
export function elapsedMs(since: Moment): number {
  return Math.max(Date.now() - since.wallMs, performance.now() - since.steadyMs);
}

/** Thrown in place of a write after the lease. */
export class LeaseOver extends Error {
  constructor() {
    super('The lease of this worker is over, so another worker may have its users. Nothing was sent.');
    this.name = 'LeaseOver';
  }
}

export interface FenceOptions {
  leaseMs: number;
  /** Nothing begins in this last part of the lease, because it takes time to leave the process. */
  marginMs: number;
  /** Called when all writes that were under way at the end of the lease have ended, if there were any. */
  onLate: () => void;
}

/**
 * Keeps the writes of a session within its lease, and notices those that may have ended later.
 *
 * A process that was frozen does not know how long. So the lease is looked at right before each write, by the clocks, and
 * again when its answer arrives. In between, nobody can stop the write, and what came after the lease has to be repaired.
 */
export class Fence {
  readonly #options: FenceOptions;
  #renewed: Moment;
  #isOver = false;
  #open = 0;
  #isLate = false;
  /** When the last write within the lease ended, by the steady clock. */
  #endedMs = Number.NEGATIVE_INFINITY;

  constructor(options: FenceOptions, renewed: Moment) {
    this.#options = options;
    this.#renewed = renewed;
  }

  /** The lease was renewed by a request that was sent at this moment: Redis counts from a later one. */
  renew(sentAt: Moment): void {
    if (this.isHeld) this.#renewed = sentAt;
  }

  /** Whether no other session can have taken over. */
  get isHeld(): boolean {
    if (!this.#isOver && elapsedMs(this.#renewed) >= this.#options.leaseMs) this.#isOver = true;
    return !this.#isOver;
  }

  /** Whether a write may begin. */
  get isOpen(): boolean {
    return this.isHeld && elapsedMs(this.#renewed) < this.#options.leaseMs - this.#options.marginMs;
  }

  /** Lets no more writes begin. */
  end(): void {
    this.#isOver = true;
  }

  /**
   * Redis says that the lease is over. If the clocks do not, they stood still, as those of a suspended machine can: what
   * was written since the last renewal may have been late.
   */
  lose(): void {
    if (!this.isHeld) return;
    this.end();
    if (this.#endedMs < this.#renewed.steadyMs) return;
    if (this.#open > 0) this.#isLate = true;
    else this.#options.onLate();
  }

  /** Follows a write that has begun. */
  watch(write: PromiseLike<unknown>): void {
    this.#open++;
    const ended = (): void => {
      this.#open--;
      if (this.isHeld) this.#endedMs = performance.now();
      else this.#isLate = true;
      if (this.#open > 0 || !this.#isLate) return;
      this.#isLate = false;
      this.#options.onLate();
    };
    write.then(ended, ended);
  }
}
