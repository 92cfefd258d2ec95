import { appendFileSync, closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Row } from './rows.js';

/** Files that are written one after the other. */
export interface CsvFiles {
  add(row: Row): void;
  /** Ends the last file and returns the paths of all. */
  close(): string[];
  /** Ends the last file and removes all: a part of an export looks like a whole one. */
  remove(): void;
}

/** OneSignal's limits for one file: 150 MB, about 2 million rows. */
export const importLimits = { bytes: 150_000_000, rows: 2_000_000 };

/** Writes `users-001.csv` and so on, each with the columns in its first line. */
export function createCsvFiles(folder: string, columns: readonly string[], limits = importLimits): CsvFiles {
  const paths: string[] = [];
  const header = stringify([columns]);
  let current: { readonly file: number; bytes: number; rows: number } | undefined;
  const begin = () => {
    const path = join(folder, `users-${String(paths.length + 1).padStart(3, '0')}.csv`);
    paths.push(path);
    const file = openSync(path, 'wx', 0o600);
    appendFileSync(file, header);
    return { file, bytes: header.length, rows: 0 };
  };
  const end = (): void => {
    if (current !== undefined) closeSync(current.file);
    current = undefined;
  };
  return {
    add(row) {
      const line = stringify([columns.map((column) => (Object.hasOwn(row, column) ? row[column] : ''))]);
      // Rows are ASCII.
      if (current !== undefined && (current.bytes + line.length > limits.bytes || current.rows >= limits.rows)) end();
      current ??= begin();
      appendFileSync(current.file, line);
      current.bytes += line.length;
      current.rows++;
    },
    close() {
      end();
      return paths;
    },
    remove() {
      end();
      for (const path of paths) rmSync(path, { force: true });
    },
  };
}
