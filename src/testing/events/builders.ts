import { optionsOf } from '../../known-options.js';
import { mustBe } from '../../option-rules.js';
import { readTime } from '../../segment/timestamp.js';
import { type AppAndShopBuilders, createAppAndShopBuilders } from './apps-and-shops.js';
import { createBuild } from './build.js';
import { type CallBuilders, createCallBuilders } from './calls.js';
import { createEngageBuilders, type EngageBuilders } from './engage.js';
import { createRunningStamp, type EventsOptions, fixedStamp, type Stamp } from './stamp.js';

/** A builder for every event that Segment sends. */
export interface EventBuilders extends CallBuilders, EngageBuilders, AppAndShopBuilders {}

function createBuilders(stamp: Stamp): EventBuilders {
  const build = createBuild(stamp);
  return { ...createCallBuilders(build), ...createEngageBuilders(build), ...createAppAndShopBuilders(build) };
}

/**
 * Creates builders for a stream of events: each event is later than the one before and has its own id, even if it is
 * otherwise equal to another. Create new ones in each test, so that ids and times are the same in every run.
 *
 * @throws `ConfigurationError` if an option is invalid or unknown.
 * @example
 * ```ts
 * import { createEvents } from 'segment-onesignal/testing';
 *
 * const events = createEvents({ startAt: '2026-05-01T12:00:00Z', everyMs: 60_000 });
 * const stream = [events.identify(), events.audience.entered('vip'), events.audience.exited('vip')];
 * ```
 */
export function createEvents(options: EventsOptions = {}): EventBuilders {
  optionsOf({
    startAt: mustBe('a Date, Unix time, or ISO 8601 with an offset', (value) => readTime(value) !== undefined),
    everyMs: mustBe('a number of milliseconds ≥ 0', (value) => Number.isFinite(value) && Number(value) >= 0),
  })(options, '');
  return createBuilders(createRunningStamp(options));
}

const builders = /* @__PURE__ */ createBuilders(fixedStamp);

/** Builds an identify of analytics.js with the reserved traits that most apps send. */
export const identify: EventBuilders['identify'] = builders.identify;
/** Builds a track of analytics.js. It has no properties except yours. */
export const track: EventBuilders['track'] = builders.track;
/** Builds a page view of analytics.js. */
export const page: EventBuilders['page'] = builders.page;
/** Builds a screen view of an app. */
export const screen: EventBuilders['screen'] = builders.screen;
/** Builds a group call of analytics.js. */
export const group: EventBuilders['group'] = builders.group;
/** Builds an alias call of analytics.js. */
export const alias: EventBuilders['alias'] = builders.alias;
/** Builds the deletion of a user, as Segment forwards it. */
export const deletion: EventBuilders['deletion'] = builders.deletion;
/** Builds the events of an Engage audience. */
export const audience: EventBuilders['audience'] = builders.audience;
/** Builds a computed trait of Engage, as an identify. */
export const computedTrait: EventBuilders['computedTrait'] = builders.computedTrait;
/** Builds a computed trait of Engage, as the track `Trait Computed`. */
export const computedTraitTrack: EventBuilders['computedTraitTrack'] = builders.computedTraitTrack;
/** Builds a step of an event-triggered journey. */
export const journeyStep: EventBuilders['journeyStep'] = builders.journeyStep;
/** Builds a step of a journey of the first version: an identify with the string `"true"`. */
export const journeyStepIdentify: EventBuilders['journeyStepIdentify'] = builders.journeyStepIdentify;
/** Builds the event of a user who enters a linked audience. */
export const linkedAudience: EventBuilders['linkedAudience'] = builders.linkedAudience;
/** Builds an identify whose context states which channels the user has subscribed to. */
export const messagingSubscriptions: EventBuilders['messagingSubscriptions'] = builders.messagingSubscriptions;
/** Builds the events that apps send automatically. All of them carry the device and its push token. */
export const mobile: EventBuilders['mobile'] = builders.mobile;
/** Builds an `Order Completed` of a shop, with two products. */
export const orderCompleted: EventBuilders['orderCompleted'] = builders.orderCompleted;
