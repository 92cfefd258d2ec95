import type { Drop, DropReason } from '../onesignal/plan.js';

/** The fields of an event that are not carried over: those of its plan, and those that delivery adds, each once. */
export class DropList {
  readonly #drops: Drop[];
  #known: Set<string> | undefined;

  constructor(drops: readonly Drop[]) {
    this.#drops = [...drops];
  }

  add(path: string, reason: DropReason): void {
    this.#known ??= new Set(this.#drops.map(wordsOf));
    const drop = { path, reason };
    const words = wordsOf(drop);
    if (this.#known.has(words)) return;
    this.#known.add(words);
    this.#drops.push(drop);
  }

  /** A copy. */
  toArray(): Drop[] {
    return [...this.#drops];
  }
}

function wordsOf({ path, reason }: Drop): string {
  return `${reason} ${path}`;
}
