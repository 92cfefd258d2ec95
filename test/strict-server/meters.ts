/** Counts arrivals within any one-second window. */
export class SlidingSecond {
  #times: number[] = [];
  /** The index of the first time that still counts. */
  #first = 0;

  /** Adds an arrival, and returns how many there are in the second that ends now. */
  add(now: number): number {
    this.#times.push(now);
    while ((this.#times[this.#first] ?? now) <= now - 1_000) this.#first += 1;
    return this.#times.length - this.#first;
  }
}

/** The time of the last write to each user, under each of its names. */
export class WriteTimes {
  readonly #last = new Map<string, number>();

  /** Records a write, and returns the milliseconds since this user's previous one. */
  add(names: readonly string[], now: number): number {
    const last = Math.max(...names.map((name) => this.#last.get(name) ?? -Infinity));
    for (const name of names) this.#last.set(name, now);
    return now - last;
  }
}
