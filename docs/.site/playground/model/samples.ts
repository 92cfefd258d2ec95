import { createEvents, type EventBuilders } from 'segment-onesignal/testing';
import { toJson } from './state.js';

/** An event to begin with. */
export interface Sample {
  /** The builder of the testing kit: `audience.entered`. */
  readonly builder: string;
  /** Its name in the list. */
  readonly text: string;
  readonly build: (events: EventBuilders) => unknown;
}

/** Samples that stand together in the list. */
export interface SampleGroup {
  readonly text: string;
  readonly samples: readonly Sample[];
}

const sample = (builder: string, text: string, build: Sample['build']): Sample => ({ builder, text, build });

/** Every builder of the testing kit. A test fails if one is missing. */
export const sampleGroups: readonly SampleGroup[] = [
  {
    text: 'Calls',
    samples: [
      sample('identify', 'identify', (events) => events.identify()),
      sample('track', 'track', (events) =>
        events.track('Plan Changed', { properties: { plan: 'team', seats: 5, previous: { plan: 'pro' } } }),
      ),
      sample('page', 'page', (events) => events.page()),
      sample('screen', 'screen', (events) => events.screen()),
      sample('group', 'group', (events) => events.group()),
      sample('alias', 'alias', (events) => events.alias()),
      sample('deletion', 'delete', (events) => events.deletion()),
    ],
  },
  {
    text: 'Engage',
    samples: [
      sample('audience.entered', 'Audience entered (track)', ({ audience }) => audience.entered('big_spenders')),
      sample('audience.exited', 'Audience exited (track)', ({ audience }) => audience.exited('big_spenders')),
      sample('audience.identifyEntered', 'Audience entered (identify)', ({ audience }) =>
        audience.identifyEntered('big_spenders'),
      ),
      sample('audience.identifyExited', 'Audience exited (identify)', ({ audience }) =>
        audience.identifyExited('big_spenders'),
      ),
      sample('linkedAudience', 'Linked audience entered', (events) => events.linkedAudience('big_spenders')),
      sample('computedTrait', 'Computed trait (identify)', (events) => events.computedTrait('lifetime_value', 1290)),
      sample('computedTraitTrack', 'Computed trait (track)', (events) =>
        events.computedTraitTrack('lifetime_value', 1290),
      ),
      sample('journeyStep', 'Journey step', (events) => events.journeyStep('cart_reminder')),
      sample('journeyStepIdentify', 'Journey step (first version)', (events) =>
        events.journeyStepIdentify('cart_reminder'),
      ),
      sample('messagingSubscriptions', 'Messaging subscriptions', (events) =>
        events.messagingSubscriptions([{ key: 'mira@example.com', type: 'EMAIL', status: 'SUBSCRIBED' }]),
      ),
    ],
  },
  {
    text: 'Apps and shops',
    samples: [
      sample('orderCompleted', 'Order Completed', (events) => events.orderCompleted()),
      sample('mobile.applicationInstalled', 'Application Installed', ({ mobile }) => mobile.applicationInstalled()),
      sample('mobile.applicationOpened', 'Application Opened', ({ mobile }) => mobile.applicationOpened()),
      sample('mobile.applicationUpdated', 'Application Updated', ({ mobile }) => mobile.applicationUpdated()),
      sample('mobile.applicationBackgrounded', 'Application Backgrounded', ({ mobile }) =>
        mobile.applicationBackgrounded(),
      ),
      sample('mobile.applicationUninstalled', 'Application Uninstalled', ({ mobile }) =>
        mobile.applicationUninstalled(),
      ),
      sample('mobile.deviceTokenRetrieved', 'Device Token Retrieved', ({ mobile }) => mobile.deviceTokenRetrieved()),
      sample('mobile.pushNotificationReceived', 'Push Notification Received', ({ mobile }) =>
        mobile.pushNotificationReceived(),
      ),
    ],
  },
];

const samples = new Map(sampleGroups.flatMap((group) => group.samples).map((one) => [one.builder, one]));

const minute = 60_000;
const startMs = Date.UTC(2026, 2, 2, 9);

/**
 * The JSON of a sample that happens a minute after the last event, with an id of its own.
 *
 * @param before - The events so far.
 */
export function buildSample(builder: string, before: readonly string[]): string {
  const lastMs = Math.max(startMs - minute, ...before.map(timeOf));
  // Ids depend on the number of events that these builders made before.
  const events = createEvents({ startAt: lastMs + minute - before.length, everyMs: 1 });
  for (let made = 0; made < before.length; made++) events.page();
  return toJson(samples.get(builder)?.build(events) ?? {});
}

function timeOf(text: string): number {
  const [, time] = /"timestamp": *"([^"]+)"/.exec(text) ?? [];
  const timeMs = Date.parse(time ?? '');
  return Number.isNaN(timeMs) ? 0 : timeMs;
}
