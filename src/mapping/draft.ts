import type { Drop, DropReason, SkipReason } from '../onesignal/plan.js';

/** What survives a tag limit first (M12), and which of two fields with one key wins: the lower. */
export const rank = { name: 0, membership: 1, other: 2 } as const;

/** A field on its way to becoming a tag. */
export interface Tag {
  readonly key: string;
  /** `''` removes the tag. */
  readonly value: string;
  /** Where it came from, dotted from the event's root. */
  readonly path: string;
  readonly rank: (typeof rank)[keyof typeof rank];
  /** Whether it wins over an earlier field with the same key. */
  readonly prevails: boolean;
}

/** What the rules have found so far; they add to it and the plan is made of it. */
export interface Draft {
  /** Why nothing is sent. */
  skip: SkipReason | undefined;
  /** By key, in the order of the fields. */
  readonly tags: Map<string, Tag>;
  readonly dropped: Drop[];
  /** The segment whose members the membership tag makes, as name and tag key. */
  segment: { readonly name: string; readonly key: string } | undefined;
}

/** A draft in which nothing has been found. */
export function emptyDraft(skip?: SkipReason): Draft {
  return { skip, tags: new Map(), dropped: [], segment: undefined };
}

/** Says that a field is not carried over. */
export function drop(draft: Draft, path: string, reason: DropReason): void {
  draft.dropped.push({ path, reason });
}
