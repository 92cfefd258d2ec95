import { closeSync, existsSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';
import type { DeliveryError, EventError } from 'segment-onesignal';
import { CommandError } from '../command-error.js';
import type { SourcedEvent } from './work.js';

/** Events that could not be delivered, one JSON object a line: `{ error, file, line, event }`. `send` takes it again. */
export interface FailedFile {
  readonly path: string;
  add(event: SourcedEvent, error: EventError | DeliveryError): void;
  /** Size, to go on from when the run is resumed. */
  bytes(): number;
  close(): void;
}

/**
 * Opens the file when the first event fails.
 *
 * @param resumeBytes - Size up to which the file belongs to the run that is resumed. What was added after the last
 *   checkpoint is delivered again.
 */
export function createFailedFile(path: string, resumeBytes: number | undefined): FailedFile {
  if (existsSync(path)) {
    if (resumeBytes === undefined && statSync(path).size > 0)
      throw new CommandError(`${path} has failed events already. Name another file with --failed, or move it away.`);
    if (!isFailedFile(path))
      throw new CommandError(`${path} is not a file of failed events. Name another file with --checkpoint.`);
    truncateSync(path, Math.min(resumeBytes ?? 0, statSync(path).size));
  }
  let bytes = resumeBytes ?? 0;
  let file: number | undefined;
  return {
    path,
    add({ file: source, line, event }, { code, message }) {
      file ??= openSync(path, 'a', 0o600);
      bytes += writeSync(file, `${JSON.stringify({ error: { code, message }, file: source, line, event })}\n`);
    },
    bytes: () => bytes,
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

/** A changed checkpoint can name any file, and truncating that file would lose its contents. */
function isFailedFile(path: string): boolean {
  const start = Buffer.alloc(10);
  const file = openSync(path, 'r');
  const length = readSync(file, start);
  closeSync(file);
  return length === 0 || start.toString() === '{"error":{';
}
