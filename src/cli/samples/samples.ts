import type { SegmentEvent } from 'segment-onesignal';
import type { createEvents } from 'segment-onesignal/testing';

type Events = ReturnType<typeof createEvents>;

/** What a sample is about, where its builder asks for it. */
export interface Subject {
  /** Key of the audience, the trait or the journey. */
  readonly key?: string | undefined;
  /** Value of a computed trait. */
  readonly value?: unknown;
}

/** A named event of the testing kit. */
export interface Sample {
  readonly name: string;
  readonly about: string;
  /** The flags that its builder takes. */
  readonly flags: readonly (keyof Subject)[];
  build(events: Events, subject: Subject): SegmentEvent;
}

function sample(name: string, about: string, build: Sample['build']): Sample {
  return { name, about, flags: [], build };
}

/** A sample with flags, which are listed behind what it is about. */
function sampleWith(flags: Sample['flags'], name: string, about: string, build: Sample['build']): Sample {
  return { name, about: `${about} (${flags.map((flag) => `--${flag}`).join(', ')})`, flags, build };
}

/** An event of every builder in `segment-onesignal/testing`. */
export const samples: readonly Sample[] = [
  sample('identify', 'traits of a user', ({ identify }) => identify()),
  sample('track', 'a track with two properties', ({ track }) =>
    track('Plan Changed', { properties: { plan: 'team', seats: 12 } }),
  ),
  sample('page', 'a page view', ({ page }) => page()),
  sample('screen', 'a screen view of an app', ({ screen }) => screen()),
  sample('group', 'a company with traits', ({ group }) => group()),
  sample('alias', 'a new id for a user', ({ alias }) => alias()),
  sample('deletion', 'the deletion of a user', ({ deletion }) => deletion()),
  sample('order-completed', 'an order with two products', ({ orderCompleted }) => orderCompleted()),
  sampleWith(['key'], 'audience-entered', 'Engage: a user enters an audience', ({ audience }, { key = 'vip' }) =>
    audience.entered(key),
  ),
  sampleWith(['key'], 'audience-exited', 'Engage: a user leaves an audience', ({ audience }, { key = 'vip' }) =>
    audience.exited(key),
  ),
  sampleWith(['key'], 'audience-identify-entered', 'the same as an identify', ({ audience }, { key = 'vip' }) =>
    audience.identifyEntered(key),
  ),
  sampleWith(['key'], 'audience-identify-exited', 'the same as an identify', ({ audience }, { key = 'vip' }) =>
    audience.identifyExited(key),
  ),
  sampleWith(
    ['key', 'value'],
    'computed-trait',
    'Engage: a computed trait',
    ({ computedTrait }, { key = 'lifetime_value', value = 420 }) => computedTrait(key, value),
  ),
  sampleWith(
    ['key', 'value'],
    'computed-trait-track',
    'the same as a track',
    ({ computedTraitTrack }, { key = 'lifetime_value', value = 420 }) => computedTraitTrack(key, value),
  ),
  sampleWith(['key'], 'journey-step', 'Engage: a step of a journey', ({ journeyStep }, { key = 'cart_journey' }) =>
    journeyStep(key),
  ),
  sampleWith(
    ['key'],
    'journey-step-identify',
    'a step of a journey of the first version',
    ({ journeyStepIdentify }, { key = 'cart_journey' }) => journeyStepIdentify(key),
  ),
  sampleWith(['key'], 'linked-audience', 'Engage: a linked audience', ({ linkedAudience }, { key = 'vip' }) =>
    linkedAudience(key),
  ),
  sample('messaging-subscriptions', 'channels that a user has subscribed to', ({ messagingSubscriptions }) =>
    messagingSubscriptions([
      { key: 'mira.novak@example.com', type: 'EMAIL', status: 'SUBSCRIBED' },
      { key: '+43155501234', type: 'SMS', status: 'UNSUBSCRIBED' },
    ]),
  ),
  sample('application-installed', 'an app is installed', ({ mobile }) => mobile.applicationInstalled()),
  sample('application-opened', 'an app is opened', ({ mobile }) => mobile.applicationOpened()),
  sample('application-updated', 'an app is updated', ({ mobile }) => mobile.applicationUpdated()),
  sample('application-backgrounded', 'an app goes to the background', ({ mobile }) => mobile.applicationBackgrounded()),
  sample('application-uninstalled', 'an app is uninstalled', ({ mobile }) => mobile.applicationUninstalled()),
  sample('device-token-retrieved', 'an app has a push token', ({ mobile }) => mobile.deviceTokenRetrieved()),
  sample('push-notification-received', 'an app receives a push notification', ({ mobile }) =>
    mobile.pushNotificationReceived(),
  ),
];
