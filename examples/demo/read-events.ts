import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One line of NDJSON: an event, or the problem with the line. */
export type Line = { number: number } & ({ event: unknown } | { problem: string });

/** Reads NDJSON line by line from a file or, for `-`, from standard input. Skips blank lines. */
export async function* readEvents(file: string): AsyncGenerator<Line> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    try {
      yield { number, event: JSON.parse(line) };
    } catch {
      yield { number, problem: 'The line is not valid JSON' };
    }
  }
}
