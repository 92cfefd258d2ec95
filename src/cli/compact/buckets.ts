import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Spreads records over files by their keys, so that each file is small enough to be read into memory. */
export interface Buckets {
  /** Adds a record, a text without line breaks, to the file of its key. */
  add(key: string, record: string): void;
  close(): void;
}

/** 10 GB become files of 40 MB. */
export const bucketCount = 256;
/** Written at a time, per file. All files together buffer at most 16 MB. */
const bufferChars = 65_536;

/**
 * Creates files in a folder that exists.
 *
 * @param seed - Another seed spreads keys that were in one file.
 */
export function createBuckets(folder: string, seed: number): Buckets {
  const files = new Map<number, { readonly file: number; text: string }>();
  return {
    add(key, record) {
      const index = bucketOf(key, seed);
      let bucket = files.get(index);
      if (bucket === undefined) {
        bucket = { file: openSync(join(folder, nameOf(index)), 'a', 0o600), text: '' };
        files.set(index, bucket);
      }
      bucket.text += `${record}\n`;
      if (bucket.text.length < bufferChars) return;
      writeAll(bucket.file, bucket.text);
      bucket.text = '';
    },
    close() {
      for (const { file, text } of files.values()) {
        writeAll(file, text);
        closeSync(file);
      }
      files.clear();
    },
  };
}

/** The files of a folder of buckets, in a fixed order. */
export function bucketsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.bucket'))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The name of the file that a key is in. */
export function bucketNameOf(key: string, seed: number): string {
  return nameOf(bucketOf(key, seed));
}

function nameOf(index: number): string {
  return `${String(index).padStart(3, '0')}.bucket`;
}

/** FNV-1a. */
function bucketOf(key: string, seed: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x85ebca6b) >>> 16) % bucketCount;
}

/** A disk that is nearly full takes a part of it. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) start += writeSync(file, bytes, start);
}
