import type { EventError } from '../errors.js';
import type { Alias, EnsureSegment, Operation, Profile, Subscription } from '../onesignal/operation.js';
import type { Drop, DropReason } from '../onesignal/plan.js';
import type { TagRank } from '../onesignal/tag-order.js';
import type { SegmentEvent } from '../segment/event.js';
import type { Settings } from './settings.js';

/** A field that has become a tag. */
export interface Tag {
  readonly key: string;
  /** `''` removes the tag. */
  readonly value: string;
  /** Path of the field, dotted from the root of the event. */
  readonly path: string;
  readonly rank: TagRank;
}

/** A plan under construction. The rules add to it, and the plan is built from it. */
export interface Draft {
  readonly event: SegmentEvent;
  readonly settings: Settings;
  /** Set by the rules that may skip the event. Before that it is {@link nobody}, and so it stays if there is no user. */
  user: Alias;
  /** Time of the event, as in the plan. */
  readonly at: string | undefined;
  /** By key, in the order of the fields. */
  readonly tags: Map<string, Tag>;
  /** S3: absent if the option is off. */
  profile?: Profile;
  /** S1: by {@link subscriptionKey}. Absent if there are none. */
  subscriptions?: Map<string, Subscription>;
  /** Paths of the fields that became something other than a tag, by the keys of `operation-keys.ts`. */
  paths?: Map<string, string>;
  /** Operations that the other opt-ins add, in the order to send them. */
  readonly others: Operation[];
  dropped: Drop[];
  /** Segment of the users with the membership tag. It is sent after the tags. */
  segment?: EnsureSegment;
  /** Why a part of the event cannot be sent. The plan fails with it, and keeps the other operations. */
  error?: EventError;
}

/** The user of an event that is skipped before its user is known. */
export const nobody: Alias = { label: 'external_id', id: '' };

/** Records the field that a profile field, a subscription, an alias or the purchases came from: the first one. */
export function recordPath(draft: Draft, key: string, path: string): void {
  draft.paths ??= new Map();
  if (!draft.paths.has(key)) draft.paths.set(key, path);
}

/** Reports that a field is not carried over. */
export function drop(draft: Draft, path: string, reason: DropReason): void {
  draft.dropped.push({ path, reason });
}
