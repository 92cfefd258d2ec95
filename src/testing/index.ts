/**
 * Tools to test a mapping and the code around it, in Vitest, Jest and `node:test`: builders of Segment's events,
 * readers and assertions for plans, golden files, a fake destination and a simulation.
 *
 * It contains no test framework. Everything except the golden files also runs in browsers.
 *
 * @example
 * ```ts
 * import { mapEvent } from 'segment-onesignal';
 * import { assertTags, exactly, identify } from 'segment-onesignal/testing';
 *
 * const event = identify({ traits: exactly({ plan: 'pro', ssn: '078-05-1120' }) });
 * assertTags(mapEvent(event, { exclude: ['ssn'], prefix: 'shop_' }), { shop_plan: 'pro' });
 * ```
 *
 * @module
 */
export { assertNothingDropped, assertSkipped, assertTags, PlanAssertionError } from './assertions.js';
export type { AppAndShopBuilders, MobileBuilders } from './events/apps-and-shops.js';
export * from './events/builders.js';
export type { CallBuilders } from './events/calls.js';
export type { AudienceBuilders, EngageBuilders, MessagingSubscription, SubscriptionGroup } from './events/engage.js';
export {
  type AliasOverrides,
  type EventOverrides,
  type Exactly,
  exactly,
  type FieldOverrides,
  type GroupOverrides,
  type IdentifyOverrides,
  type TrackOverrides,
  type ViewOverrides,
} from './events/overrides.js';
export type { EventsOptions } from './events/stamp.js';
export {
  createFakeDestination,
  type FakeDelivery,
  type FakeDestination,
  type FakeDestinationOptions,
  type FakeOutcome,
} from './fake-destination.js';
export { checkGoldenFiles, type GoldenFile, type GoldenFileOptions } from './golden/check-golden-files.js';
export { type GoldenTestOptions, type RegisterTest, testGoldenFiles } from './golden/test-golden-files.js';
export { type MatcherResult, matchers, type PlanMatchers } from './matchers.js';
export {
  customEventsOf,
  dropsOf,
  profileOf,
  purchasesOf,
  removedTagsOf,
  segmentsOf,
  subscriptionsOf,
  tagsOf,
} from './read-plan.js';
export { type Simulation, type SimulationOptions, simulate } from './simulation/simulate.js';
export { summaryOf } from './summary.js';
