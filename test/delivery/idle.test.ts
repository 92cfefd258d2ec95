import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createDeliverPlans } from '../../src/delivery/deliver.js';
import { exchangeOver } from '../../src/delivery/sending/exchange.js';
import type { Transport, UpdateUser } from '../../src/index.js';
import { appId } from './destinations.js';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

test('nothing of a user is kept once the queue is idle', async () => {
  const transport: Transport = { send: async () => ({ status: 202, headers: {}, body: {} }) };
  const deliver = createDeliverPlans({
    clock: systemClock,
    appId,
    startExchange: exchangeOver(transport),
    delivery: { userIntervalMs: 0, order: false },
    tagLimit: undefined,
    deletesUsers: true,
    onAttempt: undefined,
  });
  const deliverOne = async (): Promise<WeakRef<object>> => {
    const user = { label: 'external_id', id: 'u1' };
    const operations: UpdateUser[] = [{ type: 'update_user', user, tags: { a: '1' } }];
    await deliver([{ plan: { status: 'planned', operations, dropped: [] }, pathOf: (key) => key }], {
      signal: undefined,
      deadlineMs: undefined,
      onOutcome: () => {},
    });
    return new WeakRef(user);
  };
  const user = await deliverOne();
  if (typeof collect !== 'function') throw new Error('there is no gc');
  await expect
    .poll(() => {
      collect();
      return user.deref() === undefined;
    })
    .toBe(true);
});
