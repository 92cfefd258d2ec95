// Types and not interfaces, which TypeScript does not take for the `Record` that `mapEvent` and Segment's client expect.

/**
 * Properties of a track. Those that OneSignal's own source sends have its names; blank ones are left out.
 *
 * @see {@link https://segment.com/docs/connections/sources/catalog/cloud-apps/onesignal/ | Segment: OneSignal source}
 */
export type EventStreamProperties = {
  /** OneSignal's id of the message, shared by all of its events. */
  messageId?: string;
  /** The same id under the name that reports group by. */
  campaign_id?: string;
  /** Name of the message in OneSignal. */
  message_name?: string;
  /** Title of a push, or subject of an email; in English if the message is localized and has an English title. */
  message_title?: string;
  /** Beginning of the text of a push or SMS. */
  message_contents?: string;
  /** Id of the template that the message was made from. */
  template_id?: string;
  /** Id of the subscription that the message went to. */
  subscription_id?: string;
  /** Such as `iOS`, `Android`, `Chrome`, `Email`, `SMS`. */
  subscription_device_type?: string;
  /** Language of the user. */
  language?: string;
  /** Channel of the message. */
  message_type: 'push' | 'in-app' | 'email' | 'SMS' | 'live-activity';
  /** Name of the page of an in-app message. */
  page_name?: string;
  /** Id of the page of an in-app message. */
  page_id?: string;
  /** Name of the element of an in-app message that was clicked. */
  target_name?: string;
  /** Id of the element of an in-app message that was clicked. */
  target_id?: string;
  /** Id of a Live Activity. */
  live_activity_id?: string;
  /** Type of a Live Activity. */
  live_activity_type?: string;
  /** `start`, `update` or `end` of a Live Activity. */
  live_activity_event_kind?: string;
  /** Why a message was not sent. */
  failure_reason?: string;
  /** Email Spec: id of the message. */
  email_id?: string;
  /** Email Spec: subject of the email. */
  email_subject?: string;
  /** Email Spec: name of the message. */
  campaign_name?: string;
  /** Email Spec: URL of the message, without its query, for a click. */
  link_url?: string;
  /** Push Spec: the message as a campaign. */
  campaign?: EventStreamCampaign;
};

/** The campaign of Segment's Push Spec. */
export type EventStreamCampaign = {
  /** Name of the message. */
  name?: string;
  /** Beginning of the text of the push. */
  content?: string;
  /** Always `Push`. */
  medium: 'Push';
  /** Always `OneSignal`. */
  source: 'OneSignal';
};

/**
 * A Segment track call: what happened to a message, as an event of the user who received it.
 *
 * It has either a `userId` or an `anonymousId`. The client of `@segment/analytics-node` accepts it as it is.
 */
export type EventStreamTrack = {
  /** Always `track`. */
  type: 'track';
  /** Name of the event, such as `Push Clicked`. */
  event: string;
  /** OneSignal's id of the event, by which Segment deduplicates. */
  messageId: string;
  /** Time of the event, in ISO 8601. Absent if OneSignal gave none; Segment then uses the time of arrival. */
  timestamp?: string;
  /** Properties of the event. */
  properties: EventStreamProperties;
  /** Says where the event comes from, so that it is never sent back to OneSignal (M19). */
  context: {
    /** Its name is always `onesignal`. */
    integration: {
      /** Always `onesignal`. */
      name: 'onesignal';
      /** The version of the shape of the track. */
      version: string;
    };
    /** OneSignal's id of the user. */
    onesignal_id?: string;
  };
  /** Turns off Segment's OneSignal destinations for the event. */
  integrations: Record<string, boolean>;
} & (
  | {
      /** The user's External ID. */
      userId: string;
      /** Never present together with `userId`. */
      anonymousId?: never;
    }
  | {
      /** The id of the subscription of a user without an External ID. */
      anonymousId: string;
      /** Never present together with `anonymousId`. */
      userId?: never;
    }
);
