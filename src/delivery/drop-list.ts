import type { Drop, DropReason } from '../onesignal/plan.js';

/** The fields of an event that are not carried over: those of its plan, and those that delivery adds, each once. */
export class DropList {
  readonly #planned: readonly Drop[];
  /** All of them, once something is added. */
  #all: Map<string, Drop> | undefined;

  constructor(planned: readonly Drop[]) {
    this.#planned = planned;
  }

  add(path: string, reason: DropReason): void {
    this.#all ??= new Map(this.#planned.map((drop) => [wordsOf(drop), drop]));
    const drop = { path, reason };
    this.#all.set(wordsOf(drop), drop);
  }

  /** A copy. */
  toArray(): Drop[] {
    return [...(this.#all?.values() ?? this.#planned)];
  }
}

function wordsOf({ path, reason }: Drop): string {
  return `${reason} ${path}`;
}
