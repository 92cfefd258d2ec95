import { byTime } from './by-time.js';
import { createCustomEventsMerge } from './merge-custom-events.js';
import { createUserMerge, type UserMerge } from './merge-user.js';
import type { EnsureSegment, Operation } from './operation.js';
import type { Coalesced, Plan } from './plan.js';

/** Something that gathers operations and gives them back merged. */
interface Merge {
  operations(): Coalesced[];
}

/**
 * Merges the operations of several plans into as few requests as give the same result as sending them one by one in the order of their time.
 *
 * Sorts stably by `at` (a plan without one takes that of the nearest earlier plan that has one). The later value wins per tag; all tags of a user become one
 * operation (100 each, removals first); each segment is ensured once; custom events are batched up to 1 MB. A deletion stays between what came before and after it.
 *
 * @param plans - Plans of one app; those that were skipped or failed bring nothing.
 * @returns The operations in the order in which to send them, each with the indexes of the plans that it serves, ascending.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, one request a second per user}
 */
export function coalesce(plans: readonly Plan[]): Coalesced[] {
  const [first] = plans;
  if (plans.length === 1 && first !== undefined) {
    return first.operations.map((operation) => ({ operation, inputs: [0] }));
  }

  const merges: Merge[] = [];
  const users = new Map<string, UserMerge>();
  const segments = new Map<string, Coalesced>();
  let customEvents = createCustomEventsMerge();

  const open = <Kind extends Merge>(merge: Kind): Kind => {
    merges.push(merge);
    return merge;
  };
  const add = (operation: Operation, input: number): void => {
    switch (operation.type) {
      case 'ensure_segment':
        addSegment(operation, input);
        return;
      case 'send_custom_events':
        if (customEvents.isEmpty()) open(customEvents);
        customEvents.add(operation, input);
        return;
      case 'delete_user': {
        // What was meant for the user before the deletion must not move behind it, nor what comes after it before.
        users.delete(userKey(operation.user));
        if (customEvents.hasUser(operation.user.id)) customEvents = createCustomEventsMerge();
        open({ operations: () => [{ operation, inputs: [input] }] });
        return;
      }
      default: {
        const key = userKey(operation.user);
        let user = users.get(key);
        if (user === undefined) {
          user = open(createUserMerge(operation.user));
          users.set(key, user);
        }
        user.add(operation, input);
      }
    }
  };
  const addSegment = (operation: EnsureSegment, input: number): void => {
    const key = JSON.stringify(operation.filters);
    const known = segments.get(key);
    if (known !== undefined) {
      known.inputs.push(input);
      return;
    }
    const coalesced = { operation, inputs: [input] };
    segments.set(key, coalesced);
    open({ operations: () => [coalesced] });
  };

  for (const input of byTime(plans)) {
    for (const operation of plans[input]?.operations ?? []) add(operation, input);
  }
  return merges.flatMap((merge) => merge.operations()).map(inOrderOfInputs);
}

function inOrderOfInputs({ operation, inputs }: Coalesced): Coalesced {
  return { operation, inputs: inputs.length === 1 ? inputs : inputs.sort((a, b) => a - b) };
}

function userKey({ label, id }: { label: string; id: string }): string {
  return `${label}\n${id}`;
}
