import { shownLength } from './limits.js';

/** Stands in an error where a secret was. */
export const mark = '<redacted>';
const maxLength = 200;

/** A part of the words: `to` is the position after its last character. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Stands for a hidden character. It is not a space, letter, digit or quote, and no pattern names it. */
const filler = '\uE000';

/** Words with hidden parts, each behind a label. */
export class Redaction {
  readonly words: string;
  readonly #labels: (string | undefined)[];

  constructor(words: string) {
    this.words = words;
    this.#labels = Array.from({ length: words.length }, () => undefined);
  }

  /** The words with fillers in place of hidden characters, so that positions stay the same. */
  get open(): string {
    return this.#labels.map((label, at) => (label === undefined ? this.words[at] : filler)).join('');
  }

  hide({ from, to }: Range, label: string): void {
    this.#labels.fill(label, from, to);
  }

  hideAll(pattern: RegExp, label: string, counts: (part: string) => boolean = () => true): void {
    for (const { 0: part, index } of this.open.matchAll(pattern))
      if (counts(part)) this.hide({ from: index, to: index + part.length }, label);
  }

  /** One short line, with labels in place of the hidden parts. */
  toLine(): string {
    const parts = this.#labels
      .slice(0, shownLength)
      .map((label, at) => (label === undefined ? this.words[at] : label === this.#labels[at - 1] ? '' : label));
    return parts
      .join('')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, maxLength);
  }
}
