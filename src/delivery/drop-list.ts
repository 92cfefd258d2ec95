import type { Drop, DropReason } from '../onesignal/plan.js';

/** The fields of an event that are not carried over: those of its plan, and those that delivery adds, each once. */
export class DropList {
  /** The plan's own array, until something is added to a copy of it. */
  #drops: readonly Drop[];
  #copy: Drop[] | undefined;
  #known: Set<string> | undefined;

  constructor(drops: readonly Drop[]) {
    this.#drops = drops;
  }

  add(path: string, reason: DropReason): void {
    this.#known ??= new Set(this.#drops.map(wordsOf));
    const drop = { path, reason };
    const words = wordsOf(drop);
    if (this.#known.has(words)) return;
    this.#known.add(words);
    this.#added().push(drop);
  }

  #added(): Drop[] {
    this.#copy ??= [...this.#drops];
    this.#drops = this.#copy;
    return this.#copy;
  }

  /** A copy. */
  toArray(): Drop[] {
    return [...this.#drops];
  }
}

function wordsOf({ path, reason }: Drop): string {
  return `${reason} ${path}`;
}
