import type { Work } from './work.js';

/** A part of an archive that cannot be read. */
export interface BrokenLine {
  readonly file: string;
  readonly line: number;
  readonly error: string;
}

/** What an archive is read with. */
export interface SourceOptions {
  readonly inputs: readonly string[];
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  readonly filter: (event: unknown) => boolean;
  readonly onBroken: (line: BrokenLine) => void;
  /** Called for events that are skipped before delivery. */
  readonly onSkipped: (reason: string, events: number) => void;
}

/** Where the works of a run come from. */
export interface Source<Mark> {
  works(): AsyncIterable<Work<Mark>>;
  /** What has been read, from 0 to 1. */
  done(): number | undefined;
  /** What it is doing besides reading. */
  step(): string | undefined;
  /** Number of users, if it knows. */
  users(): number | undefined;
  /** @param isFinished - Whether what it keeps on disk is no longer needed. */
  close(isFinished: boolean): void;
}
