import type { Alias } from '../../onesignal/operation.js';
import type { Claims } from '../claims.js';
import { deletionPending } from '../input-errors.js';
import type { PendingInput } from '../pending-input.js';
import { isDeletion } from '../planned-user.js';
import { Slot } from '../sending/app-pacer.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork, unlessCancelled } from '../shared-work.js';
import type { WriteUser } from './write-user.js';

export interface UserQueueOptions {
  readonly sender: Sender;
  readonly claims: Claims;
  readonly write: WriteUser;
  /** Work that must end before the user is deleted; `undefined` if there is none. */
  readonly beforeDeletion: (user: Alias) => Promise<unknown> | undefined;
  /** Called when an input's writes are done. */
  readonly onWritten: (input: PendingInput) => void;
}

interface WaitingInput {
  readonly input: PendingInput;
  /** Its place among its user's inputs, in Unix milliseconds; equal ones keep the order of arrival. */
  readonly at: number;
}

/** The inputs of one user: one write in flight, and inputs that arrive meanwhile merge into the next write. */
export class UserQueue {
  readonly #user: Alias;
  readonly #key: string;
  readonly #options: UserQueueOptions;
  /** In the order of arrival. */
  #waiting: WaitingInput[] = [];
  /** The wait for a slot or for a claim: cancelled if all waiting inputs leave. */
  readonly #wait = new SharedWork([]);
  /** Ends the wait for a claim. */
  #wake: (() => void) | undefined;

  constructor(user: Alias, key: string, options: UserQueueOptions) {
    this.#user = user;
    this.#key = key;
    this.#options = options;
  }

  add(input: PendingInput): void {
    const at = placeOf(input, this.#waiting);
    this.#options.claims.register(this.#key, input, at);
    this.#waiting.push({ input, at });
    this.#wait.join(input);
    this.#wake?.();
  }

  /** Sends all that waits, and what arrives meanwhile. Calls back in the moment when nothing is left. */
  async run(onEmpty: (key: string) => void): Promise<void> {
    const { sender, claims, write, onWritten } = this.#options;
    // Events that the host passes in separate calls of the same tick belong in one write.
    await undefined;
    while (this.#waiting.length > 0) {
      if (this.#ready().length === 0 && !this.#wait.isCancelled) await this.#claimSettled();
      // Inputs that write nothing only wait for those before them.
      const isWriting = this.#waiting.some(({ input }) => input.writes.length > 0);
      const given = isWriting ? sender.slotFor(this.#key, this.#wait) : new Slot(() => {});
      const slot = given instanceof Promise ? await given : given;
      // Inputs leave the queue only now that there is room: until then, more could arrive and merge.
      const ready = slot === undefined ? [] : this.#ready();
      for (const input of ready) claims.start(input);
      this.#removeWaiting(ready);
      if (slot === undefined) continue;
      let isHeld = false;
      for (const part of splitAtDeletions(ready)) {
        try {
          if (part.some(({ plan }) => isDeletion(plan))) await this.#settleBeforeDeletion(part, slot);
          if (!isHeld) await write(this.#user, part, slot);
        } catch (thrown) {
          for (const input of part) input.deferInterrupted(thrown);
        }
        slot.release();
        isHeld ||= part.some((input) => input.isPendingDeletion);
        for (const input of part) {
          if (isHeld) input.defer(deletionPending());
          claims.settle(input);
          onWritten(input);
        }
      }
      slot.release();
    }
    onEmpty(this.#key);
  }

  async #settleBeforeDeletion(part: readonly PendingInput[], slot: Slot): Promise<void> {
    const unsettled = this.#options.beforeDeletion(this.#user);
    if (unsettled === undefined) return;
    // The work that is waited for needs room itself.
    slot.release();
    const wait = new SharedWork(part);
    await unlessCancelled(unsettled, wait);
    wait.finish();
  }

  /** Waits until another user's claim is settled, or another input of this user arrives. */
  async #claimSettled(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const dispose = this.#options.claims.onSettled(() => this.#wake?.());
    await unlessCancelled(woken, this.#wait);
    this.#wake = undefined;
    dispose();
  }

  /** The inputs that may be sent now: in the order of time, up to the first that another user's claim holds up. */
  #ready(): readonly PendingInput[] {
    const { claims } = this.#options;
    const [only] = this.#waiting;
    if (only !== undefined && this.#waiting.length === 1)
      return only.input.isGone || claims.isBlocked(only.input) ? [] : [only.input];
    const ordered = this.#waiting
      .filter(({ input }) => !input.isGone)
      .sort((one, other) => one.at - other.at)
      .map(({ input }) => input);
    const blocked = ordered.findIndex((input) => claims.isBlocked(input));
    return blocked === -1 ? ordered : ordered.slice(0, blocked);
  }

  #removeWaiting(ready: readonly PendingInput[]): void {
    this.#wait.finish();
    if (ready.length === this.#waiting.length) {
      this.#waiting = [];
      return;
    }
    const leaving = new Set(ready);
    this.#waiting = this.#waiting.filter(({ input }) => !input.isGone && !leaving.has(input));
    for (const { input } of this.#waiting) this.#wait.join(input);
  }
}

/**
 * An event without a time keeps its place behind the one that arrived before it, and a deletion never moves ahead of
 * anything that arrived before it (D2).
 */
function placeOf({ atMs, plan }: PendingInput, waiting: readonly WaitingInput[]): number {
  const at = atMs ?? waiting.at(-1)?.at ?? 0;
  return isDeletion(plan) ? waiting.reduce((latest, earlier) => Math.max(latest, earlier.at), at) : at;
}

/** Everything before a deletion is done, custom events included, before the deletion begins. */
function splitAtDeletions(ordered: readonly PendingInput[]): readonly (readonly PendingInput[])[] {
  const parts: PendingInput[][] = [[]];
  for (const input of ordered) {
    if (isDeletion(input.plan)) parts.push([]);
    parts.at(-1)?.push(input);
  }
  return parts.filter((part) => part.length > 0);
}
