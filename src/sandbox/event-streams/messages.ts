import { type EventStreamKind, eventKinds } from '../../onesignal/event-kinds.js';
import type { App } from '../app.js';
import { membersOf } from '../endpoints/segment-views.js';
import type { StoredSubscription, User } from '../records.js';
import { unknownSegment } from '../segments/segments.js';
import { checkEventStream, checkInteraction, checkMessage } from './check.js';
import type { NewSandboxMessage, SandboxInteraction, SandboxMessages } from './options.js';
import { createStream, type Stream } from './stream.js';
import { type StoredMessage, toStreamData } from './stream-data.js';

/** The messages and Event Streams of an app. */
export function createMessages(app: App): SandboxMessages {
  const streams: Stream[] = [];
  const messages = new Map<string, StoredMessage>();
  const emit = async (
    kind: EventStreamKind,
    message: StoredMessage,
    subscriptions: readonly StoredSubscription[],
    details: Pick<SandboxInteraction, 'data' | 'isExpired'> = {},
  ): Promise<void> => {
    const events = subscriptions.map((one) => toStreamData(kind, message, one, details, app.clock.now()));
    // "The volume of requests will not be managed in OneSignal."
    await Promise.all(streams.flatMap(({ send }) => events.map(send)));
  };

  return {
    addEventStream(given) {
      checkEventStream(given);
      const stream = createStream({ ...given }, app.clock);
      streams.push(stream);
      return stream.view;
    },
    async sendMessage(given) {
      checkMessage(given);
      const { channel = 'push' } = given;
      const subscriptions = usersOf(app, given).flatMap((user) =>
        [...user.subscriptions].filter(({ type, enabled }) => enabled && isOfChannel(type, channel)),
      );
      const message: StoredMessage = { ...given, id: crypto.randomUUID(), channel, subscriptions };
      messages.set(message.id, message);
      if (channel !== 'iam') await emit(`message.${channel}.sent`, message, subscriptions);
      const recipients = new Set(subscriptions.map(({ owner }) => owner.aliases.get('external_id') ?? ''));
      return { id: message.id, recipients: [...recipients] };
    },
    async interact(given) {
      checkInteraction(given);
      const { message: named, user, action } = given;
      const message = messages.get(typeof named === 'string' ? named : named.id);
      const subscription = message?.subscriptions.find(({ owner }) => owner.aliases.get('external_id') === user);
      if (message === undefined || subscription === undefined)
        throw new RangeError('The user did not get the message. Only users with an enabled subscription do.');
      const kind = eventKinds.find((one) => one === `message.${message.channel}.${action}`);
      if (kind === undefined)
        throw new RangeError(
          `Messages of the channel "${message.channel}" have no event "${action}". Their events are ${actionsOf(message.channel)}.`,
        );
      if (action === 'unsubscribed') subscription.enabled = false;
      await emit(kind, message, [subscription], given);
    },
  };
}

/** `sent, received and clicked`. */
function actionsOf(channel: string): string {
  const prefix = `message.${channel}.`;
  const actions = eventKinds.flatMap((kind) => (kind.startsWith(prefix) ? kind.slice(prefix.length) : []));
  return new Intl.ListFormat('en-GB').format(actions);
}

function usersOf(app: App, { segment: named, users = [] }: NewSandboxMessage): User[] {
  if (named === undefined) {
    return users.flatMap((id) => app.users.find('external_id', id) ?? []);
  }
  const segment = [...app.segments.values()].find(({ id, name }) => id === named || name === named);
  if (segment === undefined) throw unknownSegment(named);
  if (!segment.isActive) throw new RangeError(`The segment "${named}" is paused, and messages to it fail.`);
  return membersOf(app, segment);
}

/** In-app messages are shown where pushes go; Live Activities exist on iOS only. */
function isOfChannel(type: string, channel: StoredMessage['channel']): boolean {
  if (channel === 'email') return type === 'Email';
  if (channel === 'sms') return type === 'SMS';
  return channel === 'live_activity' ? type === 'iOSPush' : type.endsWith('Push');
}
