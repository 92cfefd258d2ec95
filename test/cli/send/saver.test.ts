import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCheckpoint } from '../../../src/cli/send/checkpoint.js';
import { createFailedFile } from '../../../src/cli/send/failed-file.js';
import { createSaver } from '../../../src/cli/send/saver.js';
import { createCounter } from '../../../src/cli/send/tally.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a run that is killed leaves a checkpoint that is at most a second old', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saver-'));
  const path = join(folder, 'checkpoint.json');
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  const checkpoint = openCheckpoint(path, {}, isNumber);
  const failed = createFailedFile(join(folder, 'failed.ndjson'), undefined);
  const saver = createSaver({ checkpoint, failed, journal: undefined, close: () => {} }, createCounter(), vi.fn());
  for (const mark of [10, 20]) {
    saver.reach(mark);
    vi.advanceTimersByTime(1_000);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ mark, isFinished: false });
  }
  saver.stop();
  expect(openCheckpoint(path, {}, isNumber).saved?.mark).toBe(20);
});
