import { digestOf } from '../delivery/guards/digest.js';
import type { MappingOptions } from '../mapping/options.js';
import { type UserRule, userRuleOf } from '../mapping/user-of-event.js';
import { userKey } from '../onesignal/user-key.js';
import { parseEvent } from '../segment/parse.js';

/**
 * The number of partitions that users are spread over, and so the maximum number of workers with something to do. It is
 * not an option: all processes must agree on it, and OneSignal's rate limit is reached with two or three workers.
 */
export const partitionCount = 64;

/** Length of a user's digest, at the beginning of every stored event. */
export const digestLength = 14;

/** Where an event is stored. */
export interface Place {
  readonly partition: number;
  /** Digest of the user: two users seldom share one, and then they only share a partition and repairs. */
  readonly user: string;
}

/** Finds the partition of an event: all events of a user are in the same one. */
export type PlaceOf = (input: unknown, json: string) => Place;

/** @param user - `mapping.user` of the destination. @internal */
export function createPlaceOf(user: MappingOptions['user']): PlaceOf {
  const digestOfUser = createDigestOf(user);
  return (input, json) => {
    const digest = digestOfUser(input) ?? fullDigestOf(json);
    return { partition: Number.parseInt(digest.slice(-7), 36) % partitionCount, user: digest };
  };
}

/** The digest of an event's user; `undefined` for an event that is about no user. @internal */
export function createDigestOf(user: MappingOptions['user']): (input: unknown) => string | undefined {
  const userOf = userRuleOf(user);
  return (input) => {
    const key = keyOf(input, userOf);
    return key === undefined ? undefined : fullDigestOf(key);
  };
}

function fullDigestOf(text: string): string {
  return digestOf(text).padStart(digestLength, '0');
}

/** `undefined` for an event that is about no user, whose place does not matter. */
function keyOf(input: unknown, userOf: UserRule): string | undefined {
  const parsed = parseEvent(input);
  if (!parsed.ok) return undefined;
  try {
    const user = userOf(parsed.event);
    return typeof user === 'string' ? undefined : userKey(user);
  } catch {
    // A hook that throws fails the event at the worker, which reports it.
    return undefined;
  }
}
