/** How often something occurred, and where it did first. */
export interface Occurrence {
  count: number;
  readonly example: string;
}

/** Counts occurrences by name. Names come from closed lists, so there are few. */
export class Tally {
  readonly #occurrences = new Map<string, Occurrence>();

  add(name: string, exampleOf: () => string): void {
    const known = this.#occurrences.get(name);
    if (known === undefined) this.#occurrences.set(name, { count: 1, example: exampleOf() });
    else known.count++;
  }

  /** The most frequent first. */
  entries(): [string, Readonly<Occurrence>][] {
    return [...this.#occurrences].sort(([, one], [, other]) => other.count - one.count);
  }
}
