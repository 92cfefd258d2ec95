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

/** The state that all events of a user lead to. */
export interface FoldedUser {
  readonly externalId: string;
  /** `''` for a tag that is removed. */
  readonly tags: Readonly<Record<string, string>>;
  readonly profile: Profile;
}

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
    if (plan === undefined || plan.status === 'failed') leaveOut('events that fail');
    return plan === undefined ? [] : [plan];
  });
  const users = new Map<string, { tags: Map<string, string>; profile: Profile }>();
  const update = ({ user: { id }, tags, profile }: UpdateUser): void => {
    const user = users.get(id) ?? { tags: new Map<string, string>(), profile: {} };
    for (const [key, value] of Object.entries(tags)) user.tags.set(key, value);
    users.set(id, { ...user, profile: { ...user.profile, ...profile } });
  };
  const apply = (operation: Operation): void => {
    if (operation.type === 'ensure_segment') onSegment(operation.name);
    else if (operation.type === 'send_custom_events') leaveOut('custom events', operation.events.length);
    else if (operation.user.label !== 'external_id') leaveOut('changes to users under another label');
    else if (operation.type === 'update_user') update(operation);
    else {
      if (operation.type === 'delete_user') users.delete(operation.user.id);
      leaveOut(wordsFor[operation.type]);
    }
  };
  for (const { operation } of coalesce(plans)) apply(operation);
  return [...users].map(([externalId, { tags, profile }]) => ({ externalId, tags: Object.fromEntries(tags), profile }));
}

const wordsFor = {
  add_alias: 'aliases',
  add_purchases: 'purchases',
  add_subscription: 'subscriptions',
  delete_user: 'deletions of users',
} as const;
