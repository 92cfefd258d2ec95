/** What `docs/errors.md` says about a reason or a code. */
export interface Reason {
  /** Its anchor there: `drop-nested`. */
  readonly anchor: string;
  /** When it occurs, with code in backticks. */
  readonly when: string;
  /** What to do about it. */
  readonly advice: string;
}
