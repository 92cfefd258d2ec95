import {
  coalesce,
  type MappingOptions,
  mapEvent,
  type Operation,
  type Profile,
  parseEvent,
  type UpdateUser,
} from 'segment-onesignal';
import type { SourcedEvent } from '../send/work.js';

/** What is left out of an export because the mapping fails for it. */
export const failedEvents = 'events that fail';

/** The state that all events of a user lead to. */
export interface FoldedUser {
  readonly externalId: string;
  /** `''` for a tag that is removed. */
  readonly tags: Readonly<Record<string, string>>;
  readonly profile: Profile;
  /** The latest email address and phone number that messages may be sent to. */
  readonly addresses: Addresses;
}

/** By the column of the import. */
type Addresses = Readonly<Partial<Record<'email' | 'phone_number', string>>>;

/** Counts what OneSignal's importer cannot take, by the words to say it with. */
export type LeaveOut = (what: string, count?: number) => void;

/**
 * Folds events in the order of their times.
 *
 * @param events - All events of a user, or of users who took subscriptions from each other.
 * @param onSegment - Called with the name of each segment that an audience needs.
 */
export function foldUsers(
  events: readonly SourcedEvent[],
  mapping: MappingOptions | undefined,
  leaveOut: LeaveOut,
  onSegment: (name: string) => void,
): FoldedUser[] {
  const plans = events.flatMap(({ event }) => {
    const parsed = parseEvent(event);
    const plan = parsed.ok ? mapEvent(parsed.event, mapping) : undefined;
    if (plan === undefined || plan.status === 'failed') leaveOut(failedEvents);
    return plan === undefined ? [] : [plan];
  });
  const users = new Map<string, Folding>();
  const update = ({ user: { id }, tags, profile }: UpdateUser): void => {
    const user = users.get(id) ?? emptyUser();
    for (const [key, value] of Object.entries(tags)) user.tags.set(key, value);
    users.set(id, { ...user, profile: { ...user.profile, ...profile } });
  };
  const apply = (operation: Operation): void => {
    if (operation.type === 'ensure_segment') onSegment(operation.name);
    else if (operation.type === 'send_custom_events') leaveOut('custom events', operation.events.length);
    else if (operation.user.label !== 'external_id') leaveOut('changes to users under another label');
    else if (operation.type === 'update_user') update(operation);
    else if (operation.type === 'add_subscription') moveAddress(users, operation, leaveOut);
    else {
      if (operation.type === 'delete_user') users.delete(operation.user.id);
      leaveOut(wordsFor[operation.type]);
    }
  };
  for (const { operation } of coalesce(plans)) apply(operation);
  return [...users].map(([externalId, { tags, ...user }]) => ({ externalId, tags: Object.fromEntries(tags), ...user }));
}

type AddSubscription = Extract<Operation, { type: 'add_subscription' }>;

/** A user while its events are folded. */
interface Folding {
  readonly tags: Map<string, string>;
  readonly profile: Profile;
  readonly addresses: Addresses;
}

function emptyUser(): Folding {
  return { tags: new Map(), profile: {}, addresses: {} };
}

/** Gives an address to a user, and takes it from the user who had it before. */
function moveAddress(
  users: Map<string, Folding>,
  { user: { id }, subscription: { type, token, enabled } }: AddSubscription,
  leaveOut: LeaveOut,
): void {
  const column = type === 'Email' ? 'email' : type === 'SMS' ? 'phone_number' : undefined;
  if (column === undefined) {
    leaveOut('push subscriptions');
    return;
  }
  for (const [other, user] of users)
    if (isSame(user.addresses[column], token))
      users.set(other, { ...user, addresses: { ...user.addresses, [column]: undefined } });
  if (enabled === false) {
    // A row with the address would subscribe it.
    leaveOut('email addresses and phone numbers that are unsubscribed');
    return;
  }
  const user = users.get(id) ?? emptyUser();
  if (user.addresses[column] !== undefined) leaveOut('earlier email addresses and phone numbers of a user');
  users.set(id, { ...user, addresses: { ...user.addresses, [column]: token } });
}

/** OneSignal does not tell email addresses apart by case. */
function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

const wordsFor = {
  add_alias: 'aliases',
  add_purchases: 'purchases',
  delete_user: 'deletions of users',
} as const;
