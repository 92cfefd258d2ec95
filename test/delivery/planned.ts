import { systemClock } from '../../src/clock.js';
import { createDeliverPlans } from '../../src/delivery/deliver.js';
import { exchangeOver } from '../../src/delivery/sending/exchange.js';
import type { Attempt, DeliverOptions, DeliveryOptions, Operation, Outcome, Plan, Transport } from '../../src/index.js';
import { appId } from './destinations.js';

/** A plan of these operations, as a mapping would make it. Covers plans that no event leads to yet. */
export function planned(operations: Operation[], more: { at?: string; messageId?: string } = {}): Plan {
  return { status: 'planned', operations, dropped: [], ...more };
}

/** Delivery below the mapping: plans in, outcomes out. */
export function createPlanDelivery(
  transport: Transport,
  delivery: DeliveryOptions = {},
  onAttempt?: (attempt: Attempt) => void,
): (plans: readonly Plan[], options?: DeliverOptions) => Promise<Outcome[]> {
  const deliver = createDeliverPlans({
    clock: systemClock,
    appId,
    startExchange: exchangeOver(transport),
    delivery,
    tagLimit: undefined,
    deletesUsers: true,
    onAttempt,
  });
  return (plans, { signal, deadlineMs } = {}) =>
    deliver(
      plans.map((plan) => ({ plan, pathOf: (key) => `traits.${key}` })),
      { signal, deadlineMs, onOutcome: () => {} },
    );
}
