import { admit, createRedeliveries } from './admission/admit.js';
import { dropTagsWithoutTime } from './admission/drop-late-tags.js';
import { type CallOptions, runCall } from './deliver-call.js';
import type { DeliveryOptions } from './options.js';
import type { Outcome } from './outcome.js';
import type { PendingInput, Submission } from './pending-input.js';
import { createRouter, type RouterSetup } from './router.js';
import { withDefaults } from './settings.js';

/** The parts that delivery is built from. */
export interface DeliverySetup extends RouterSetup {
  delivery: DeliveryOptions;
}

/** Delivers planned events: one outcome each, in the same order. */
export type DeliverPlans = (
  submissions: readonly Submission[],
  options: Omit<CallOptions, 'clock' | 'deadlineMs'> & { deadlineMs: number | undefined },
) => Promise<Outcome[]>;

/**
 * Builds delivery from its parts. Starts no I/O and no timer before the first call, so creating one per request is
 * cheap.
 *
 * @internal
 */
export function createDeliverPlans({ delivery, ...setup }: DeliverySetup): DeliverPlans {
  const { clock } = setup;
  const settings = withDefaults(delivery);
  const redeliveries = createRedeliveries(clock);
  const route = createRouter(setup, settings);

  return (submissions, { deadlineMs = settings.deadlineMs, ...options }) =>
    runCall(submissions.length, { ...options, clock, deadlineMs }, (call) => {
      const inputs: PendingInput[] = [];
      submissions.forEach((submission, index) => {
        const input = admit(call, index, submission, settings, redeliveries, clock.now());
        if (input === undefined) return;
        dropTagsWithoutTime(input, deadlineMs, settings.userIntervalMs);
        inputs.push(input);
      });
      route(inputs);
    });
}
