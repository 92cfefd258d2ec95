/** Where something occurred. */
export interface Place {
  /** `events.ndjson:12`. */
  readonly place: string;
  /** The field, or the message. */
  readonly detail?: string | undefined;
}

/** How often something occurred, and where it did first. */
export interface Occurrence extends Place {
  readonly count: number;
}

/** Counts occurrences by name. Names come from closed lists, so there are few. */
export class Tally {
  readonly #first = new Map<string, Place>();
  readonly #counts = new Map<string, number>();

  add(name: string, place: string, detail?: string): void {
    const count = this.#counts.get(name) ?? 0;
    if (count === 0) this.#first.set(name, { place, detail });
    this.#counts.set(name, count + 1);
  }

  /** The most frequent first. */
  entries(): [string, Occurrence][] {
    return [...this.#first]
      .map(([name, place]): [string, Occurrence] => [name, { ...place, count: this.#counts.get(name) ?? 0 }])
      .sort(([, one], [, other]) => other.count - one.count);
  }
}
