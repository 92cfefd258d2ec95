import type { Clock } from '../clock.js';

/** A party that waits for shared work and may give up: an input of a call. */
export interface Participant {
  /** Whether nobody waits for its outcome any longer: its call was aborted, or its deadline passed. */
  readonly isGone: boolean;
  /** Unix milliseconds after which its call no longer wants an answer. */
  readonly deadlineAt: number;
  /** Tells it which work to leave when it gives up. */
  joined(work: SharedWork): void;
  /** The work is done, so there is nothing left to leave. */
  released(work: SharedWork): void;
}

/**
 * Work for several inputs, possibly of several calls. It is cancelled when the last participant leaves, not before: one
 * caller's abort must not take a merged write away from another.
 */
export class SharedWork {
  readonly #participants: Participant[] = [];
  #cancelHandlers: (() => void)[] | undefined;
  #waiting = 0;

  /** Participants that have already given up are left out; without any, the work is cancelled from the start. */
  constructor(participants: readonly Participant[]) {
    for (const participant of participants) this.join(participant);
  }

  /** Whether nobody waits for the work. */
  get isCancelled(): boolean {
    return this.#waiting === 0;
  }

  /** The latest time, in Unix milliseconds, at which somebody still wants the result. */
  get deadlineAt(): number {
    let latest = 0;
    for (const { isGone, deadlineAt } of this.#participants) if (!isGone && deadlineAt > latest) latest = deadlineAt;
    return latest;
  }

  /** Adds a participant while the work is in progress. */
  join(participant: Participant): void {
    if (participant.isGone) return;
    this.#participants.push(participant);
    this.#waiting++;
    participant.joined(this);
  }

  /** A participant gives up; the last one to do so cancels the work. */
  leave(): void {
    this.#waiting--;
    if (this.#waiting > 0) return;
    for (const handler of this.#cancelHandlers?.slice() ?? []) handler();
  }

  /** Ends the work: its participants no longer wait for it. Others may still join. */
  finish(): void {
    this.#waiting = 0;
    for (const participant of this.#participants) participant.released(this);
    this.#participants.length = 0;
  }

  /** Calls the handler if the work is cancelled later. Returns a function that removes the handler. */
  onCancel(handler: () => void): () => void {
    this.#cancelHandlers ??= [];
    const handlers = this.#cancelHandlers;
    handlers.push(handler);
    return () => {
      const index = handlers.indexOf(handler);
      if (index >= 0) handlers.splice(index, 1);
    };
  }
}

/** Waits at least this long. Resolves with `false` if the work is cancelled first; leaves no timer behind. @internal */
export function pause(ms: number, work: SharedWork, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    if (work.isCancelled) {
      resolve(false);
      return;
    }
    const until = clock.now() + ms;
    const end = (isComplete: boolean): void => {
      cancelWake();
      dispose();
      resolve(isComplete);
    };
    const wake = (): void => {
      // Node's timers fire up to a millisecond early. If more than the whole wait is left, the clock was set back.
      const leftMs = until - clock.now();
      if (leftMs <= 0 || leftMs > ms) end(true);
      else cancelWake = clock.after(leftMs, wake);
    };
    let cancelWake = clock.after(ms, wake);
    const dispose = work.onCancel(() => end(false));
  });
}

/** Waits for a promise that cannot be cancelled. Resolves with `undefined` if the work is cancelled first. @internal */
export function unlessCancelled<Value>(
  promise: Promise<Value>,
  work: SharedWork,
): Promise<{ value: Value } | undefined> {
  return new Promise((resolve, reject) => {
    if (work.isCancelled) resolve(undefined);
    const dispose = work.onCancel(() => resolve(undefined));
    promise.then((value) => resolve({ value }), reject).finally(dispose);
  });
}
