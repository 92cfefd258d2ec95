import { createReadStream } from 'node:fs';
import { createLineSplitter } from '../archive/split-lines.js';
import type { SourcedEvent } from '../send/work.js';

/** An event in a bucket. The event is parsed only when it is its turn. */
export interface BucketRecord {
  readonly key: string;
  /** Place of the event in the archive. */
  readonly number: number;
  readonly text: string;
}

/** Parts are JSON, which has no tab in it: `"key"⇥12⇥"file"⇥3⇥{…}`. */
export function formatRecord(key: string, number: number, { file, line, event }: SourcedEvent): string {
  return [JSON.stringify(key), number, JSON.stringify(file), line, JSON.stringify(event)].join('\t');
}

/** The same record in the bucket of another key. */
export function withKey(key: string, { text }: BucketRecord): string {
  return `${JSON.stringify(key)}${text.slice(text.indexOf('\t'))}`;
}

export async function* readRecords(path: string): AsyncGenerator<BucketRecord> {
  const splitter = createLineSplitter(Number.POSITIVE_INFINITY);
  for await (const chunk of createReadStream(path)) {
    for (const { bytes } of splitter.push(chunk)) {
      const text = Buffer.from(bytes ?? []).toString();
      const [key = '""', number] = text.split('\t', 2);
      yield { key: String(JSON.parse(key)), number: Number(number), text };
    }
  }
}

export function eventOf({ text }: BucketRecord): SourcedEvent {
  const [, , file = '""', line, event = 'null'] = text.split('\t');
  return { file: String(JSON.parse(file)), line: Number(line), event: JSON.parse(event) };
}
