/** A text of at least `minCutLength` characters is also found if only its first `headLength` characters are there. */
const minCutLength = 12;
const headLength = 8;

/** Texts to search for. The time of a search does not depend on how many there are. */
export class TextIndex {
  readonly #short = new Set<string>();
  readonly #shortLengths = new Set<number>();
  /** Grouped by their first `headLength` characters. */
  readonly #long = new Map<string, string[]>();
  readonly #longSorted = new Map<string, readonly string[]>();

  get isEmpty(): boolean {
    return this.#short.size === 0 && this.#long.size === 0;
  }

  add(text: string): void {
    if (text.length < minCutLength) {
      this.#short.add(text);
      this.#shortLengths.add(text.length);
      return;
    }
    const head = text.slice(0, headLength);
    const sameHead = this.#long.get(head);
    if (sameHead === undefined) this.#long.set(head, [text]);
    else sameHead.push(text);
  }

  /** Lengths of the matches at a position: short texts as a whole, and the longest start of a long one. */
  lengthsAt(text: string, at: number): number[] {
    const lengths: number[] = [];
    for (const length of this.#shortLengths)
      if (at + length <= text.length && this.#short.has(text.slice(at, at + length))) lengths.push(length);
    const head = text.slice(at, at + headLength);
    if (this.#long.has(head)) lengths.push(longestStart(this.#sorted(head), text.slice(at)));
    return lengths;
  }

  #sorted(head: string): readonly string[] {
    const known = this.#longSorted.get(head);
    if (known !== undefined) return known;
    const sorted = [...new Set(this.#long.get(head))].sort();
    this.#longSorted.set(head, sorted);
    return sorted;
  }
}

/** Length of the longest start that the text shares with a sorted text: one of its two neighbours has it. */
function longestStart(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return Math.max(commonStart(sorted[low - 1] ?? '', text), commonStart(sorted[low] ?? '', text));
}

function commonStart(needle: string, text: string): number {
  let length = 0;
  while (length < needle.length && needle[length] === text[length]) length++;
  // The space after a truncated secret belongs to the sentence.
  return length < needle.length && needle[length - 1] === ' ' ? length - 1 : length;
}
