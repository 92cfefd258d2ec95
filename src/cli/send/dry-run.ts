import { createDestination, type Deliverer, type Outcome, type Plan } from 'segment-onesignal';
import type { Settings } from '../settings/settings.js';
import { eventOperations } from './counting-destination.js';
import type { RunState } from './run-state.js';

/** Requests of a dry run need an app for their paths. */
const anyAppId = '00000000-0000-4000-8000-000000000000';

/** Maps and merges as delivery does, and sends nothing. */
export function createDryRun(
  { appId = anyAppId, mapping }: Settings,
  isTagsOnly: boolean,
  onRequest: () => void,
): Deliverer {
  const destination = createDestination({ appId, apiKey: 'os_v2_app_dry_run', mapping });
  return {
    async deliver(inputs) {
      const { plans, requests } = destination.plan(inputs);
      const isLeftOut = (index: number): boolean =>
        plans[index]?.operations.every(({ type }) => eventOperations.includes(type)) === true;
      for (const request of requests) if (!isTagsOnly || !request.inputs.every(isLeftOut)) onRequest();
      return plans.map(outcomeOf);
    },
  };
}

function outcomeOf(plan: Plan): Outcome {
  const fields = { applied: [], dropped: plan.dropped, warnings: [] };
  if (plan.status === 'failed') return { ...fields, status: 'failed', error: plan.error };
  if (plan.status === 'skipped') return { ...fields, status: 'skipped', reason: plan.reason };
  return { ...fields, status: 'delivered' };
}

/** Keeps nothing on disk. */
export function createDryState<Mark>(): RunState<Mark> {
  const failed = { path: '', add: () => {}, bytes: () => 0, close: () => {} };
  return { checkpoint: undefined, journal: undefined, failed, close: () => {} };
}
