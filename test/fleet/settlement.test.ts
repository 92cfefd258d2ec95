import { expect, test } from 'vitest';
import { DeliveryError } from '../../src/errors.js';
import { settlementOf } from '../../src/fleet/settlement.js';

const [secondMs, minuteMs, hourMs, yearMs] = [1_000, 60_000, 3_600_000, 31_536_000_000];
const error = new DeliveryError('rate_limited', 'update_user was answered with 429');

test.each([
  ['as long as OneSignal asked', 30_000, 0, 30_000],
  ['a second at least', 0, 0, secondMs],
  ['an hour at most', yearMs, 0, hourMs],
  ['for its age, if OneSignal asked for nothing', undefined, 5_000, 5_000],
  ['a second at least, if OneSignal asked for nothing', undefined, 10, secondMs],
  ['a minute at most, if OneSignal asked for nothing', undefined, yearMs, minuteMs],
])('a retryable event waits %s', (_, retryAfterMs, ageMs, waitMs) => {
  const fields = {
    applied: [],
    dropped: [],
    warnings: [],
    error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  expect(settlementOf({ status: 'retryable', ...fields }, ageMs)).toEqual({ kind: 'retry', detail: waitMs });
});
