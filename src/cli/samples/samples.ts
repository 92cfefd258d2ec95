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

/** The end of `about` names the flags, as in `a computed trait (--key, --value)`. */
function sample(name: string, about: string, build: Sample['build']): Sample {
  const flags = (['key', 'value'] as const).filter((flag) => about.includes(`--${flag}`));
  return { name, about, flags, build };
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
  sample('audience-entered', 'Engage: a user enters an audience (--key)', ({ audience }, { key = 'vip' }) =>
    audience.entered(key),
  ),
  sample('audience-exited', 'Engage: a user leaves an audience (--key)', ({ audience }, { key = 'vip' }) =>
    audience.exited(key),
  ),
  sample('audience-identify-entered', 'the same as an identify (--key)', ({ audience }, { key = 'vip' }) =>
    audience.identifyEntered(key),
  ),
  sample('audience-identify-exited', 'the same as an identify (--key)', ({ audience }, { key = 'vip' }) =>
    audience.identifyExited(key),
  ),
  sample(
    'computed-trait',
    'Engage: a computed trait (--key, --value)',
    ({ computedTrait }, { key = 'lifetime_value', value = 420 }) => computedTrait(key, value),
  ),
  sample(
    'computed-trait-track',
    'the same as a track (--key, --value)',
    ({ computedTraitTrack }, { key = 'lifetime_value', value = 420 }) => computedTraitTrack(key, value),
  ),
  sample('journey-step', 'Engage: a step of a journey (--key)', ({ journeyStep }, { key = 'cart_journey' }) =>
    journeyStep(key),
  ),
  sample(
    'journey-step-identify',
    'a step of a journey of the first version (--key)',
    ({ journeyStepIdentify }, { key = 'cart_journey' }) => journeyStepIdentify(key),
  ),
  sample('linked-audience', 'Engage: a linked audience (--key)', ({ linkedAudience }, { key = 'vip' }) =>
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
