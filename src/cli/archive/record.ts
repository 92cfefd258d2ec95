/** One event's bytes, or why there are none. */
export interface ArchiveRecord {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly bytes?: Uint8Array;
  readonly problem?: 'too_long' | 'cut_off';
}

/** Cuts a stream of bytes into records. */
export interface RecordSplitter {
  push(chunk: Uint8Array): Iterable<ArchiveRecord>;
  /** The record that the stream ended in, if there is one. */
  end(): Iterable<ArchiveRecord>;
}

/** Longer records are reported instead of read, so that memory stays flat. Segment's own limit is 32 KB. */
export const maxRecordBytes = 1_048_576;
