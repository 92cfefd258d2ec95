import type { TagFilter } from '../onesignal/operation.js';
import type { App } from './app.js';
import { membersOf } from './endpoints/segment-views.js';
import type { SandboxSubscription } from './options.js';
import type { User } from './records.js';
import { tagFiltersOf } from './segments/segments.js';
import { toSubscription } from './subscriptions/subscription-fields.js';

/** A copy of a user in the sandbox. */
export interface SandboxUser {
  /** The user's `external_id`, or `''` for a user who has only other aliases. */
  externalId: string;
  /** The user's tags, as a map of key to value. */
  tags: Record<string, string>;
  /** The user's aliases, as a map of label to id, without `external_id` and `onesignal_id`. */
  aliases: Record<string, string>;
  /** The user's subscriptions, limited to the types that this library writes. */
  subscriptions: SandboxSubscription[];
}

/** A copy of a segment in the sandbox, with its members. */
export interface SandboxSegment {
  /** The UUID that the creating request chose, or else a random one. */
  id: string;
  /** The name, which is unique in the app. */
  name: string;
  /**
   * The filters, limited to the kind that this library writes. `GET` with `include-segment-detail=true` returns all of
   * them.
   */
  filters: TagFilter[];
  /**
   * External IDs of the users that match at this moment, in order of creation. A user who has only other aliases is
   * named by the first of them: `customer_id/c1`.
   */
  members: string[];
}

/** A copy of a user. */
export function toSandboxUser({ aliases, tags, subscriptions }: User): SandboxUser {
  return {
    externalId: aliases.get('external_id') ?? '',
    tags: Object.fromEntries(tags),
    aliases: Object.fromEntries([...aliases].filter(([label]) => label !== 'external_id')),
    subscriptions: [...subscriptions].flatMap(toSubscription),
  };
}

/** All segments, with their current members. */
export function toSandboxSegments(app: App): SandboxSegment[] {
  return [...app.segments.values()].map((segment) => ({
    id: segment.id,
    name: segment.name,
    filters: tagFiltersOf(segment),
    members: membersOf(app, segment).flatMap(nameOf),
  }));
}

function nameOf({ aliases }: User): string[] {
  const externalId = aliases.get('external_id');
  if (externalId !== undefined) return [externalId];
  const [first] = aliases;
  return first === undefined ? [] : [first.join('/')];
}
