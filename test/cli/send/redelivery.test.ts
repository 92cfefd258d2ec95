import { expect, onTestFinished, test, vi } from 'vitest';
import { createRedelivery } from '../../../src/cli/send/redelivery.js';
import type { Outcome } from '../../../src/delivery/outcome.js';
import { DeliveryError } from '../../../src/errors.js';

const hourMs = 3_600_000;

test.each([2 * hourMs, 365 * 24 * hourMs])(
  'after a Retry-After of %d ms, an event is sent again after an hour',
  (asked) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const launched: string[] = [];
    const redelivery = createRedelivery((job: string) => launched.push(job));
    const error = new DeliveryError('rate_limited', 'update_user was answered with 429');
    const fields = { applied: [], dropped: [], warnings: [] };
    const outcome: Outcome = { ...fields, status: 'retryable', error, retryAfterMs: asked };
    const event = { event: {}, file: 'a.ndjson', line: 1 };
    redelivery.add('job', [{ pending: { event, deliveries: 1 }, outcome }]);
    vi.advanceTimersByTime(hourMs - 1);
    expect(launched).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(launched).toEqual(['job']);
  },
);
