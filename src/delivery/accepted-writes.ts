import { contributionOf, type UserWrite } from './user-write.js';

/** Remembers the accepted writes of unfinished events, so that a redelivery does not start over (D10). */
export interface Progress {
  /** Takes out the accepted writes of an event. */
  take(event: string): readonly UserWrite[] | undefined;
  save(event: string, accepted: readonly UserWrite[]): void;
}

/** The writes of one event that OneSignal accepted, in this delivery of it and in earlier ones. */
export class AcceptedWrites {
  readonly #eventKey: string | undefined;
  readonly #progress: Progress;
  /** Operations of this delivery, merged with those of other events. */
  readonly #merged: UserWrite[] = [];
  /** The event's own writes that were accepted in earlier deliveries. */
  #earlier: readonly UserWrite[] | undefined;

  /** @param eventKey - Identifies the event in a redelivery; `undefined` if nothing does. */
  constructor(eventKey: string | undefined, progress: Progress) {
    this.#eventKey = eventKey;
    this.#progress = progress;
  }

  /** Takes over what an earlier delivery of the event left, and returns it. */
  takeEarlier(): readonly UserWrite[] {
    const accepted = this.#eventKey === undefined ? undefined : this.#progress.take(this.#eventKey);
    if (accepted === undefined) return [];
    this.#earlier = [...(this.#earlier ?? []), ...accepted];
    return accepted;
  }

  add(operation: UserWrite): void {
    this.#merged.push(operation);
  }

  /** Saves, for a redelivery, which of the event's own writes need not be repeated. */
  save(writes: readonly UserWrite[]): void {
    if (this.#eventKey === undefined || (this.#merged.length === 0 && this.#earlier === undefined)) return;
    const accepted = this.#merged.flatMap((merged) => writes.flatMap((write) => contributionOf(write, merged)));
    this.#progress.save(this.#eventKey, [...(this.#earlier ?? []), ...accepted]);
  }
}
