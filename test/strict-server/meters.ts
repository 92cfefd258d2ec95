/** Counts what arrives in any second, wherever the second begins. */
export class SlidingSecond {
  #times: number[] = [];
  /** The first of them that still counts. */
  #first = 0;

  /** Adds one, and returns how many there are in the second that ends now. */
  add(now: number): number {
    this.#times.push(now);
    while ((this.#times[this.#first] ?? now) <= now - 1_000) this.#first += 1;
    return this.#times.length - this.#first;
  }
}

/** When each user was last written to, under each of its names. */
export class WriteTimes {
  readonly #last = new Map<string, number>();

  /** Notes a write, and returns how long the last one of this user is ago. */
  add(names: readonly string[], now: number): number {
    const last = Math.max(...names.map((name) => this.#last.get(name) ?? -Infinity));
    for (const name of names) this.#last.set(name, now);
    return now - last;
  }
}
