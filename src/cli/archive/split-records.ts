import type { RecordSplitter } from './record.js';
import { createDocumentSplitter } from './split-documents.js';
import { createLineSplitter } from './split-lines.js';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits NDJSON by lines, and arrays and indented documents by their brackets.
 *
 * A file is NDJSON unless it begins with `[`, or its first line is `{` alone. Lines are the safer of the two, because a
 * broken line does not affect the next one.
 */
export function createRecordSplitter(): RecordSplitter {
  let head: Uint8Array = Buffer.alloc(0);
  let splitter: RecordSplitter | undefined;
  return {
    push(chunk) {
      if (splitter !== undefined) return splitter.push(chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < byteOrderMark.length) return [];
      splitter = splitterFor(head, false);
      return splitter?.push(withoutMark(head)) ?? [];
    },
    *end() {
      if (splitter === undefined) {
        splitter = splitterFor(head, true) ?? createLineSplitter();
        yield* splitter.push(withoutMark(head));
      }
      yield* splitter.end();
    },
  };
}

function splitterFor(head: Uint8Array, isWhole: boolean): RecordSplitter | undefined {
  const text = Buffer.from(withoutMark(head).subarray(0, 65_536)).toString('latin1');
  const [, first, second] = /^\s*(\S)[ \t\r]*(\S|\n)?/.exec(text) ?? [];
  if (first === undefined) return text.length < 65_536 ? undefined : createLineSplitter();
  if (first === '[') return createDocumentSplitter();
  if (first !== '{') return isWhole || second !== undefined ? createLineSplitter() : undefined;
  if (second === undefined && !isWhole) return undefined;
  return second === '\n' ? createDocumentSplitter() : createLineSplitter();
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return byteOrderMark.every((byte, index) => bytes[index] === byte) ? bytes.subarray(byteOrderMark.length) : bytes;
}
