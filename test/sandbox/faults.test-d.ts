import { test } from 'vitest';
import { createSandbox, type Fault } from '../../src/sandbox/index.js';

const { fail } = createSandbox();

test('a fault has the fields of one kind', () => {
  fail({ status: 503, headers: { 'retry-after': '2' }, body: 'busy', times: 2 });
  fail({ delayMs: 5, drop: undefined, rate: 0.1 });
  fail({ drop: 'after', when: ({ method }) => method === 'POST' });
  const faults: Fault[] = [{ status: 429 }, { delayMs: 50 }, { drop: 'before' }];
  fail(faults[0] ?? { delayMs: 0 });
  // @ts-expect-error headers belong to a status
  fail({ delayMs: 1, headers: {} });
  // @ts-expect-error a body belongs to a status
  fail({ drop: 'after', body: 'x' });
  // @ts-expect-error two faults
  fail({ drop: 'after', delayMs: 5 });
  // @ts-expect-error two faults
  fail({ delayMs: 5, status: 503 });
  // @ts-expect-error two faults
  fail({ drop: 'after', status: 503 });
  // @ts-expect-error no fault
  fail({ times: 2 });
});
