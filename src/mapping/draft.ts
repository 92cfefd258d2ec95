import type { EventError } from '../errors.js';
import type { Alias, EnsureSegment, Operation, Profile, Subscription } from '../onesignal/operation.js';
import type { Drop, DropReason } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import type { Settings } from './settings.js';

/** What is kept first under a tag limit (M12), and which of two fields with one key wins (M4): the lower. */
export const rank = { camelCaseName: 0, name: 1, membership: 2, other: 3 } as const;

/** A field that has become a tag. */
export interface Tag {
  readonly key: string;
  /** `''` removes the tag. */
  readonly value: string;
  /** Where it came from, dotted from the event's root. */
  readonly path: string;
  readonly rank: (typeof rank)[keyof typeof rank];
}

/** What the rules have found in an event so far; they add to it, and the plan is made of it. */
export interface Draft {
  readonly event: SegmentEvent;
  readonly settings: Settings;
  /** Whom the event is about; without an id a rule refuses it before the user is looked at. */
  readonly user: Alias;
  /** When the event happened, as the plan has it. */
  readonly at: string | undefined;
  /** By key, in the order of the fields. */
  readonly tags: Map<string, Tag>;
  /** S3: what is set on the user besides tags; absent where that is switched off. */
  profile?: Profile;
  /** From the fields of the profile to where they came from, dotted from the event's root. */
  profilePaths?: ReadonlyMap<keyof Profile, string>;
  /** S1: by type and token; absent until there is one. */
  subscriptions?: Map<string, Subscription>;
  /** What the other opt-ins add, in the order in which it is sent. */
  readonly others: Operation[];
  dropped: Drop[];
  /** What follows once the tags are there: the segment that selects those who have the membership tag. */
  segment?: EnsureSegment;
  /** Why a part of the event cannot be sent; the plan fails with it and keeps what can. */
  error?: EventError;
}

/** Says that a field is not carried over. */
export function drop(draft: Draft, path: string, reason: DropReason): void {
  draft.dropped.push({ path, reason });
}
