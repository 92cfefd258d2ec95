import { type ArchiveRecord, maxRecordBytes, type RecordSplitter } from './record.js';

const [quote, backslash, comma, newline] = [0x22, 0x5c, 0x2c, 0x0a];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Splits arrays into their elements, and documents that follow each other, by counting brackets outside strings. */
export function createDocumentSplitter(): RecordSplitter {
  const record = createRecordBuffer();
  let line = 1;
  let isInArray = false;
  /** Brackets that are open within the record. */
  let depth = 0;
  let isInString = false;
  let isEscaped = false;

  /** Returns whether the byte belongs to the record. */
  const readsByte = (byte: number): boolean => {
    if (isInString) {
      if (isEscaped) isEscaped = false;
      else if (byte === backslash) isEscaped = true;
      else if (byte === quote) isInString = false;
      return true;
    }
    if (byte === quote) isInString = true;
    else if (byte === openBrace || byte === openBracket) {
      if (byte === openBracket && !isInArray && depth === 0) {
        isInArray = true;
        return false;
      }
      depth++;
    } else if (byte === closeBrace || byte === closeBracket) {
      if (depth > 0) depth--;
      else if (byte === closeBracket) {
        isInArray = false;
        return false;
      }
    } else if (depth === 0 && (byte === comma || isSpace(byte))) return false;
    return true;
  };
  return {
    *push(chunk) {
      record.begin(0);
      for (let index = 0; index < chunk.length; index++) {
        const byte = chunk[index] ?? 0;
        const isPart = readsByte(byte);
        if (isPart && !record.isOpen()) record.open(index, line);
        if (byte === newline) line++;
        if (!record.isOpen()) continue;
        const ends = isPart ? depth === 0 && !isInString && (byte === closeBrace || byte === closeBracket) : true;
        if (ends) yield record.take(chunk, isPart ? index + 1 : index);
      }
      record.keep(chunk);
    },
    *end() {
      if (record.isOpen() || isInArray) yield { line: record.isOpen() ? record.line() : line, problem: 'cut_off' };
    },
  };
}

/** Collects the bytes of a record that may be spread over several chunks. */
function createRecordBuffer() {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let start = 0;
  let openLine: number | undefined;
  const add = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes <= maxRecordBytes) parts.push(part);
    else parts = [];
  };
  return {
    isOpen: (): boolean => openLine !== undefined,
    line: (): number => openLine ?? 0,
    begin(index: number): void {
      start = index;
    },
    open(index: number, line: number): void {
      start = index;
      openLine = line;
    },
    keep(chunk: Uint8Array): void {
      if (openLine !== undefined) add(chunk.subarray(start));
    },
    take(chunk: Uint8Array, end: number): ArchiveRecord {
      add(chunk.subarray(start, end));
      const line = openLine ?? 0;
      const [first, ...more] = parts;
      const whole = first !== undefined && more.length === 0 ? first : Buffer.concat(parts);
      const taken: ArchiveRecord = bytes > maxRecordBytes ? { line, problem: 'too_long' } : { line, bytes: whole };
      parts = [];
      bytes = 0;
      openLine = undefined;
      return taken;
    },
  };
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
