import type { EventError } from '../errors.js';
import type { Alias, EnsureSegment, Operation, Profile, Subscription } from '../onesignal/operation.js';
import type { Drop, DropReason } from '../onesignal/plan.js';
import type { TagRank } from '../onesignal/tag-order.js';
import type { UnknownRecord } from '../record.js';
import type { IdentifyEvent, SegmentEvent, TrackEvent } from '../segment/event.js';
import type { FieldSource } from './fields.js';
import type { CauseOf } from './hook-cause.js';
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
  /** Absent in the functions that map one kind of event to tags. */
  readonly optIns: OptIns | undefined;
  /** Set by the rules that may skip the event. Before that, and if there is no user, it is {@link nobody}. */
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

/** The parts of a Segment event that a custom event is made from. */
export interface CustomEventSource {
  /** Name of the custom event. If it is absent or unusable, the plan fails. */
  readonly name: string | undefined;
  /** Path of the name in the Segment event, for the error. */
  readonly namePath: string;
  readonly properties: UnknownRecord;
  /** Name of the properties in the Segment event. */
  readonly root: 'traits' | 'properties';
}

/**
 * What `mapEvent` does besides tags and segments. It is handed to the rules, which do not import it, so that a bundle
 * of a function that maps to tags only does not contain it.
 */
export interface OptIns {
  /** S1: turns an `email` or `phone` into a subscription, or says why not. */
  offerContact(draft: Draft, name: string, value: unknown, path: string): DropReason | 'used';
  /** S2: the event if it is to become a custom event, which only a track can. */
  chosenTrack(draft: Draft, event: IdentifyEvent | TrackEvent): TrackEvent | undefined;
  /** S2d: whether a custom event can name the user. */
  canNameUser(draft: Draft): boolean;
  /**
   * S2: adds a custom event, or reports it if it cannot name the user.
   *
   * @param lost - The fields that are then lost: those that did not become tags either.
   */
  addCustomEvent(draft: Draft, source: CustomEventSource, lost: UnknownRecord): void;
  /** S6 */
  addPurchases(draft: Draft, event: TrackEvent, source: FieldSource): void;
  /** S1, S3: adds the user's profile, subscription states and push token. */
  addUserDetails(draft: Draft): void;
  /** The copy of a value that a hook threw, for the error of the plan. */
  readonly causeOf: CauseOf;
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
