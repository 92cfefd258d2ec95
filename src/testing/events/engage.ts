import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import type { Build } from './build.js';
import { usualUser } from './calls.js';
import { browserContext, engageContext } from './contexts.js';
import type { IdentifyOverrides, TrackOverrides } from './overrides.js';

/** Builders of the events of an Engage audience, by its key. */
export interface AudienceBuilders {
  /** The user enters the audience: the track `Audience Entered`. */
  entered(key: string, overrides?: TrackOverrides): TrackEvent;
  /** The user leaves the audience: the track `Audience Exited`. */
  exited(key: string, overrides?: TrackOverrides): TrackEvent;
  /** The user enters the audience: an identify with the trait `true`. */
  identifyEntered(key: string, overrides?: IdentifyOverrides): IdentifyEvent;
  /** The user leaves the audience: an identify with the trait `false`. */
  identifyExited(key: string, overrides?: IdentifyOverrides): IdentifyEvent;
}

/** A subscription group of a user. */
export interface SubscriptionGroup {
  /** Name of the group. */
  readonly name: string;
  /** Whether the user has subscribed. */
  readonly status: MessagingSubscription['status'];
}

/** A channel of a user in `context.messaging_subscriptions`. */
export interface MessagingSubscription {
  /** Email address or phone number. */
  readonly key: string;
  /** Type of the channel. */
  readonly type: 'EMAIL' | 'SMS' | 'WhatsApp';
  /** Whether the user has subscribed. */
  readonly status: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'DID_NOT_SUBSCRIBE';
  /** Subscription groups within the channel. */
  readonly groups?: readonly SubscriptionGroup[];
}

/** Builders of the events of Segment Engage. */
export interface EngageBuilders {
  /** Events of an audience. */
  readonly audience: AudienceBuilders;
  /** A computed trait, as an identify. */
  computedTrait(key: string, value: unknown, overrides?: IdentifyOverrides): IdentifyEvent;
  /** A computed trait, as the track `Trait Computed`. */
  computedTraitTrack(key: string, value: unknown, overrides?: TrackOverrides): TrackEvent;
  /** A step of an event-triggered journey: a track under a name of your own that says nothing about a membership. */
  journeyStep(key: string, overrides?: TrackOverrides): TrackEvent;
  /** A step of a journey of the first version: an identify with the string `"true"`. */
  journeyStepIdentify(key: string, overrides?: IdentifyOverrides): IdentifyEvent;
  /** The user enters a linked audience: a track with the rows of the warehouse, nested and flattened. */
  linkedAudience(key: string, overrides?: TrackOverrides): TrackEvent;
  /** An identify whose context states which channels the user has subscribed to. */
  messagingSubscriptions(subscriptions: readonly MessagingSubscription[], overrides?: IdentifyOverrides): IdentifyEvent;
}

/** @internal */
export function createEngageBuilders(build: Build): EngageBuilders {
  const { userId, email } = usualUser;
  // Tracks carry the address of an Engage profile in the context, identifies among the traits.
  const trackContext = (kind: string, key: string) => ({ ...engageContext(kind, key), traits: { email } });
  const audienceTrack = (event: string, isMember: boolean, key: string, overrides?: TrackOverrides): TrackEvent => {
    const properties = { audience_key: key, [key]: isMember };
    return build(
      'engage',
      { type: 'track', userId, event, properties, context: trackContext('audience', key) },
      overrides,
    );
  };
  const engageIdentify = (kind: string, key: string, value: unknown, overrides?: IdentifyOverrides): IdentifyEvent => {
    const traits = { email, [key]: value };
    return build('engage', { type: 'identify', userId, traits, context: engageContext(kind, key) }, overrides);
  };
  return {
    audience: {
      entered: (key, overrides) => audienceTrack('Audience Entered', true, key, overrides),
      exited: (key, overrides) => audienceTrack('Audience Exited', false, key, overrides),
      identifyEntered: (key, overrides) => engageIdentify('audience', key, true, overrides),
      identifyExited: (key, overrides) => engageIdentify('audience', key, false, overrides),
    },
    computedTrait: (key, value, overrides) => engageIdentify('trait', key, value, overrides),
    computedTraitTrack(key, value, overrides) {
      const properties = { trait_key: key, [key]: value };
      const context = trackContext('trait', key);
      return build('engage', { type: 'track', userId, event: 'Trait Computed', properties, context }, overrides);
    },
    journeyStep(key, overrides) {
      const properties = {
        journey_context: { cart_abandoned: { cart_id: 'cart-77', value: 129.9 } },
        journey_metadata: { journey_id: 'jrn-4Kd9', epoch_id: 'epo-1Zs6' },
        plan: 'pro',
      };
      const context = engageContext('journey_step', key);
      return build('engage', { type: 'track', userId, event: 'Cart Reminder', properties, context }, overrides);
    },
    journeyStepIdentify: (key, overrides) => engageIdentify('audience', key, 'true', overrides),
    linkedAudience(key, overrides) {
      const properties = {
        audience_key: key,
        [key]: true,
        email,
        orders: [{ ID: 4711, __entity: 'order' }],
        stores__ID: 12,
        stores__CITY: 'Graz',
        stores____entity: 'store',
      };
      const context = engageContext('audience', key);
      return build('engage', { type: 'track', userId, event: 'Entity Added', properties, context }, overrides);
    },
    messagingSubscriptions(subscriptions, overrides) {
      const context = { ...browserContext(), messaging_subscriptions: subscriptions };
      return build('browser', { type: 'identify', userId, traits: {}, context }, overrides);
    },
  };
}
