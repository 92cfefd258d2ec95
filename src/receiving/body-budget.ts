import { Refusal } from './refusal.js';

/** The cost of a body besides its bytes: its stream, its headers, its timer. */
const baseBytes = 16_384;

/** The memory that one body occupies. */
export interface BodyShare {
  /**
   * Takes more memory.
   *
   * @throws {@link Refusal} 503 if the bodies together would exceed the budget.
   */
  grow(bytes: number): void;
  /** Gives memory back until this many bytes are left. */
  shrinkTo(bytes: number): void;
  /** Gives everything back. */
  close(): void;
}

/**
 * Bounds the memory of all bodies together, from their first byte to their answer.
 *
 * Counted is what has arrived, not what a client announces, and not how many clients are sending: slow clients could
 * otherwise lock out everyone else for free.
 *
 * @internal
 */
export function createBodyBudget(maxBytes: number): () => BodyShare {
  let taken = 0;
  return () => {
    let own = 0;
    const grow = (bytes: number): void => {
      if (taken + bytes > maxBytes) throw new Refusal(503, 'The receiver is busy. Send the request again.');
      taken += bytes;
      own += bytes;
    };
    const shrinkTo = (bytes: number): void => {
      const surplus = Math.max(own - bytes, 0);
      taken -= surplus;
      own -= surplus;
    };
    grow(baseBytes);
    return { grow, shrinkTo: (bytes) => shrinkTo(bytes + baseBytes), close: () => shrinkTo(0) };
  };
}
