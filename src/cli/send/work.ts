/** An event of an archive, and where it stands. */
export interface SourcedEvent {
  readonly event: unknown;
  readonly file: string;
  readonly line: number;
}

/** Events that go into one call of `deliver`, in this order. */
export interface Work<Mark> {
  readonly events: readonly SourcedEvent[];
  /** Where to go on once this work and all before it are done. JSON. */
  readonly mark: Mark;
}
