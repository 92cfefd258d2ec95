import type { EventStreamKind } from '../onesignal/event-kinds.js';
import { factsOf } from './kinds.js';
import { hidePersonalData, isPersonal } from './personal-data.js';
import type { FieldReader } from './read-fields.js';
import { decoded, idOf, localizedText, textOf } from './texts.js';
import type { EventStreamCampaign, EventStreamProperties } from './track.js';

/** The properties of a track, and whether personal data was kept out of them. */
export interface ReadProperties {
  properties: EventStreamProperties;
  isRedacted: boolean;
}

/** Reads the properties of a kind of event. */
export function readProperties(
  kind: EventStreamKind,
  { read }: FieldReader,
  names: 'onesignal' | 'spec',
): ReadProperties {
  let isRedacted = false;
  const shown = (found: string | undefined): string | undefined => {
    const text = decoded(found);
    const hidden = text === undefined ? undefined : hidePersonalData(text);
    isRedacted ||= hidden !== text;
    return hidden;
  };
  const text = (name: string) => shown(textOf(read(name)));
  const id = (name: string): string | undefined => {
    const found = idOf(read(name));
    const isHidden = found !== undefined && isPersonal(found);
    isRedacted ||= isHidden;
    return isHidden ? undefined : found;
  };

  const base = present<EventStreamProperties>({
    messageId: id('message.id'),
    campaign_id: id('message.id'),
    message_name: text('message.name'),
    message_title: shown(localizedText(read('message.title'))),
    message_contents: shown(localizedText(read('message.contents'))),
    template_id: id('message.template_id'),
    subscription_id: id('event.subscription_id'),
    subscription_device_type: text('event.subscription_device_type'),
    language: text('user.language'),
    message_type: factsOf(kind).messageType,
    page_name: text('event.data.page_name'),
    page_id: id('event.data.page_id'),
    target_name: text('event.data.target_name'),
    target_id: id('event.data.target_id'),
    live_activity_id: text('event.data.live_activity_id'),
    live_activity_type: text('event.data.live_activity_type'),
    live_activity_event_kind: text('message.live_activity_event_kind'),
    failure_reason: text('event.data.failure_reason'),
  });
  return { properties: names === 'spec' ? { ...base, ...specProperties(kind, base, read) } : base, isRedacted };
}

/** The properties that Segment's Spec for Email and Push has besides. */
function specProperties(
  kind: EventStreamKind,
  {
    messageId,
    message_name: name,
    message_title: title,
    message_contents: content,
    message_type,
  }: EventStreamProperties,
  read: FieldReader['read'],
): Partial<EventStreamProperties> {
  if (message_type === 'push') {
    return { campaign: present<EventStreamCampaign>({ name, content, medium: 'Push', source: 'OneSignal' }) };
  }
  if (message_type !== 'email') return {};
  const url = kind === 'message.email.clicked' ? urlOf(read('message.url') ?? read('message.web_url')) : undefined;
  return present<Partial<EventStreamProperties>>({
    email_id: messageId,
    email_subject: title,
    campaign_name: name,
    link_url: url,
  });
}

/** A URL without its query, which often identifies the reader. */
function urlOf(value: unknown): string | undefined {
  const text = textOf(value) ?? '';
  if (!URL.canParse(text)) return undefined;
  const { origin, pathname, protocol } = new URL(text);
  const url = origin + pathname;
  return /^https?:$/.test(protocol) && hidePersonalData(url) === url ? url : undefined;
}

/** Without the fields that are undefined. */
function present<Fields extends object>(fields: { [Name in keyof Fields]: Fields[Name] | undefined }): Fields;
function present(fields: object): unknown {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
