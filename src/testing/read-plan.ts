import type { OneSignalCustomEvent, Operation, Profile, Purchase, Subscription } from '../onesignal/operation.js';
import type { Drop, DropReason, Plan } from '../onesignal/plan.js';
import { recordOf } from '../record.js';
import { checkPlan } from './check-plan.js';

/** Returns the tags that a plan sets, by key: `{ plan: 'pro' }`. Removed tags are not among them. */
export function tagsOf(plan: Pick<Plan, 'operations'>): Record<string, string> {
  return Object.fromEntries(writtenTags(plan).filter(([, value]) => value !== ''));
}

/** Returns the keys of the tags that a plan removes: `['trial']`. */
export function removedTagsOf(plan: Pick<Plan, 'operations'>): string[] {
  return writtenTags(plan)
    .filter(([, value]) => value === '')
    .map(([key]) => key);
}

function writtenTags(plan: Pick<Plan, 'operations'>): [string, string][] {
  return operationsOf(plan, 'update_user').flatMap(({ tags }) => Object.entries(tags));
}

/** Returns the names of the segments that a plan ensures: `['Big Spenders']`. */
export function segmentsOf(plan: Pick<Plan, 'operations'>): string[] {
  return operationsOf(plan, 'ensure_segment').map(({ name }) => name);
}

/** Returns the subscriptions that a plan adds to the user. */
export function subscriptionsOf(plan: Pick<Plan, 'operations'>): Subscription[] {
  return operationsOf(plan, 'add_subscription').map(({ subscription }) => subscription);
}

/** Returns the custom events that a plan sends. */
export function customEventsOf(plan: Pick<Plan, 'operations'>): OneSignalCustomEvent[] {
  return operationsOf(plan, 'send_custom_events').flatMap(({ events }) => events);
}

/** Returns the purchases that a plan adds to the user. */
export function purchasesOf(plan: Pick<Plan, 'operations'>): Purchase[] {
  return operationsOf(plan, 'add_purchases').flatMap(({ purchases }) => purchases);
}

/** Returns the profile fields that a plan sets: `{ language: 'en' }`. */
export function profileOf(plan: Pick<Plan, 'operations'>): Profile {
  return Object.assign({}, ...operationsOf(plan, 'update_user').map(({ profile }) => profile));
}

/**
 * Returns the reason for each dropped field, by its path: `{ 'traits.email': 'identifier' }`.
 *
 * Pass a plan or an outcome. A field that was dropped for several reasons has the first one.
 */
export function dropsOf(plan: { readonly dropped: readonly Drop[] }): Record<string, DropReason> {
  if (!Array.isArray(recordOf(plan).dropped))
    throw new TypeError('Expected a plan or an outcome. Pass what mapEvent or deliver returns.');
  const { dropped } = plan;
  const reasons = new Map<string, DropReason>();
  for (const { path, reason } of dropped) if (!reasons.has(path)) reasons.set(path, reason);
  return Object.fromEntries(reasons);
}

function operationsOf<Type extends Operation['type']>(
  plan: Pick<Plan, 'operations'>,
  type: Type,
): Extract<Operation, { type: Type }>[] {
  checkPlan(plan);
  return plan.operations.filter(
    (operation): operation is Extract<Operation, { type: Type }> => operation.type === type,
  );
}
