/** What `docs/errors.md` says about a reason or a code. */
export interface Reason {
  /** Its anchor there: `drop-nested`. */
  readonly anchor: string;
  /** When it occurs and what to do about it, with code in backticks. Absent for the codes of errors: their messages say it. */
  readonly text?: { readonly when: string; readonly advice: string };
}
