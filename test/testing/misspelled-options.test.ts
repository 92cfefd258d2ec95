import { expect, test } from 'vitest';
import { mapEvent } from '../../src/index.js';
import {
  assertNothingDropped,
  checkGoldenFiles,
  createEvents,
  createFakeDestination,
  page,
  simulate,
  testGoldenFiles,
} from '../../src/testing/index.js';

const misspelled: object = { tagsLimit: 5 };

test('misspelled options are refused with a suggestion, because a test would pass without them', async () => {
  await expect(simulate([], misspelled)).rejects.toThrow('Unknown option "tagsLimit". Did you mean "tagLimit"?');
  const outcome: object = { outcome: [] };
  expect(() => createFakeDestination(outcome)).toThrow('Unknown option "outcome". Did you mean "outcomes"?');
  const every: object = { everyMS: 1 };
  expect(() => createEvents(every)).toThrow('Unknown option "everyMS". Did you mean "everyMs"?');
  const except: object = { expect: [] };
  expect(() => assertNothingDropped(mapEvent(page()), except)).toThrow(
    'Unknown option "expect". Did you mean "except"?',
  );
  const folders = { events: 'a', plans: 'b', maping: {} };
  for (const run of [() => checkGoldenFiles(folders), () => testGoldenFiles(folders)]) expect(run).toThrow();
  expect(() => testGoldenFiles({ ...folders, test: () => {} })).toThrow(
    'Unknown option "maping". Did you mean "mapping"?',
  );
});
