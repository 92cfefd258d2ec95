import { type Change, type ChangedEntry, compareLists, compareRecords } from './changes.js';
import type { Snapshot } from './play.js';

type User = Snapshot['users'][string];

/** A user in OneSignal, compared with the step before. */
export interface UserView {
  readonly id: string;
  readonly change: Change;
  readonly tags: readonly ChangedEntry[];
  /** Such as `Email mira@example.com`. */
  readonly subscriptions: readonly ChangedEntry[];
  readonly aliases: readonly ChangedEntry[];
}

/** A segment in OneSignal, compared with the step before. */
export interface SegmentView {
  readonly name: string;
  readonly change: Change;
  /** Such as `big_spenders = "true"`. */
  readonly filter: string;
  readonly members: readonly ChangedEntry[];
}

/** What OneSignal holds after a step. */
export interface OneSignalView {
  readonly users: readonly UserView[];
  readonly segments: readonly SegmentView[];
  readonly customEvents: readonly { readonly name: string; readonly user: string; readonly change: Change }[];
}

/** What OneSignal holds after a step, and what the step changed. */
export function viewOneSignal(before: Snapshot | undefined, after: Snapshot): OneSignalView {
  const old = { users: before?.users ?? {}, segments: before?.segments ?? {} };
  const seen = before?.customEvents.length ?? 0;
  return {
    users: namesIn(old.users, after.users).map((id) => viewUser(id, old.users[id], after.users[id])),
    segments: namesIn(old.segments, after.segments).map((name) => {
      const [was, is] = [old.segments[name], after.segments[name]];
      const filters = (is ?? was)?.filters ?? [];
      return {
        name,
        change: changeOf(was, is),
        filter: filters.map(({ key, relation, value }) => `${key} ${relation} ${JSON.stringify(value)}`).join(' and '),
        members: compareLists(was?.members ?? [], is?.members ?? []),
      };
    }),
    customEvents: after.customEvents.map(({ name, external_id, onesignal_id }, index) => ({
      name,
      user: external_id ?? onesignal_id ?? '',
      change: index < seen ? 'same' : 'added',
    })),
  };
}

function viewUser(id: string, was: User | undefined, is: User | undefined): UserView {
  const channels = (user: User | undefined): Record<string, string> =>
    Object.fromEntries(
      (user?.subscriptions ?? []).map(({ type, token, enabled }) => [
        `${type} ${token}`,
        enabled === false ? 'unsubscribed' : 'subscribed',
      ]),
    );
  return {
    id,
    change: changeOf(was, is),
    tags: compareRecords(was?.tags ?? {}, is?.tags ?? {}),
    subscriptions: compareRecords(channels(was), channels(is)),
    aliases: compareRecords(was?.aliases ?? {}, is?.aliases ?? {}),
  };
}

function namesIn(before: object, after: object): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function changeOf(was: unknown, is: unknown): Change {
  if (was === undefined) return 'added';
  return is === undefined ? 'removed' : 'same';
}
