import { type ArchiveRecord, maxRecordBytes, type RecordSplitter } from './record.js';

const newline = 0x0a;

/**
 * Splits by `\n`. Blank lines are counted and left out. A `\r` before it is white space to JSON.
 *
 * @param maxBytes - Longer lines are reported without their bytes.
 */
export function createLineSplitter(maxBytes = maxRecordBytes): RecordSplitter {
  let line = 1;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;

  const keep = (part: Uint8Array): void => {
    // Beyond the limit only the length counts.
    if (pendingBytes + part.length <= maxBytes) pending.push(part);
    else pending = [];
    pendingBytes += part.length;
  };
  const take = (last: Uint8Array): ArchiveRecord | undefined => {
    const isTooLong = pendingBytes + last.length > maxBytes;
    const bytes = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    pending = [];
    pendingBytes = 0;
    if (isTooLong) return { line, problem: 'too_long' };
    return isBlank(bytes) ? undefined : { line, bytes };
  };
  return {
    *push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        const record = take(chunk.subarray(start, end));
        start = end + 1;
        if (record !== undefined) yield record;
        line++;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    *end() {
      const record = take(new Uint8Array(0));
      if (record?.bytes === undefined) {
        if (record !== undefined) yield record;
        return;
      }
      // A last line without a newline is whole if it is JSON.
      yield isJson(record.bytes) ? record : { line, problem: 'cut_off' };
    },
  };
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString());
    return true;
  } catch {
    return false;
  }
}
