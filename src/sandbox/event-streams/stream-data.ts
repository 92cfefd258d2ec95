import type { EventStreamKind } from '../../onesignal/event-kinds.js';
import type { StoredSubscription } from '../records.js';
import type { NewSandboxMessage, SandboxInteraction, SandboxText } from './options.js';

/** What Liquid can read, under OneSignal's names. */
export interface StreamData {
  event: { kind: EventStreamKind; id: string; [field: string]: unknown };
  message: Record<string, unknown>;
  user: Record<string, unknown>;
}

/** A message in the sandbox. */
export interface StoredMessage extends NewSandboxMessage {
  id: string;
  channel: NonNullable<NewSandboxMessage['channel']>;
  /** The subscriptions that got it. */
  subscriptions: readonly StoredSubscription[];
}

const maxContentsCharacters = 50;
const blankData = { page_name: '', page_id: '', target_name: '', target_id: '', failure_reason: '' };
const appId = '00000000-0000-4000-8000-000000000001';

/** The data of one event. */
export function toStreamData(
  kind: EventStreamKind,
  message: StoredMessage,
  subscription: StoredSubscription,
  { data = {}, isExpired = false }: Pick<SandboxInteraction, 'data' | 'isExpired'>,
  now: number,
): StreamData {
  const { owner } = subscription;
  const externalId = owner.aliases.get('external_id') ?? '';
  return {
    event: {
      kind,
      id: crypto.randomUUID(),
      timestamp: Math.floor(now / 1_000),
      datetime: new Date(now).toISOString(),
      app_id: appId,
      subscription_device_type: subscription.type.replace(/Push$/, ''),
      subscription_id: subscription.id,
      onesignal_id: owner.onesignalId,
      external_id: externalId,
      data: { ...blankData, ...data },
    },
    message: isExpired ? { id: message.id } : fieldsOf(message),
    user: {
      onesignal_id: owner.onesignalId,
      external_id: externalId,
      tags: Object.fromEntries(owner.tags),
      language: owner.profile.language ?? '',
      subscription: { id: subscription.id, app_id: appId, subscription_token: subscription.token },
    },
  };
}

function fieldsOf({
  id,
  channel,
  name = '',
  title,
  contents,
  templateId = '',
  url = '',
}: StoredMessage): object & Record<string, unknown> {
  return {
    id,
    name,
    // An email has one subject, and its body never leaves OneSignal.
    title: channel === 'email' && typeof title === 'object' ? Object.values(title)[0] : localized(title, channel),
    contents: channel === 'email' ? '' : localized(contents, channel, maxContentsCharacters),
    template_id: templateId,
    url,
    app_url: '',
    web_url: '',
    live_activity_event_kind: channel === 'live_activity' ? 'update' : '',
  };
}

function localized(text: SandboxText = '', channel: string, length = Number.POSITIVE_INFINITY): unknown {
  if (channel === 'email' || text === '') return text;
  const translations = typeof text === 'string' ? { en: text } : text;
  return Object.fromEntries(Object.entries(translations).map(([name, one]) => [name, one.slice(0, length)]));
}
