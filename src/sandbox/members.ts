import type { Alternatives, Condition } from './filter.js';
import { numberIn } from './filter.js';
import type { User } from './records.js';

const METRES_PER_DEGREE = 111_195;

/** Whether a user is in a segment now. */
export function isMember(user: User, filters: Alternatives): boolean {
  return filters.some((all) => all.every((condition) => holds(user, condition)));
}

function holds(user: User, condition: Condition): boolean {
  switch (condition.field) {
    case 'tag':
      return tagHolds(user.tags.get(condition.key), condition);
    case 'language':
    case 'country':
      return (user.profile[condition.field] === condition.value) === (condition.relation === '=');
    case 'session_count':
      return compares(user.sessionCount, condition.relation, numberIn(condition.value));
    case 'session_time':
      return compares(user.sessionTime, condition.relation, numberIn(condition.value));
    case 'first_session':
      return compares(hoursSince(user.profile.first_active), condition.relation, condition.hoursAgo);
    case 'last_session':
      return compares(hoursSince(user.profile.last_active), condition.relation, condition.hoursAgo);
    case 'app_version':
      return [...user.subscriptions].some(({ appVersion }) =>
        compares(orderOf(appVersion, condition.value), condition.relation, 0),
      );
    default:
      return isNear(user, condition);
  }
}

/**
 * Whether `!=` and `not_in_array` take in users without the tag is open (docs/onesignal.md 4). Here they do: they are the opposites of `=` and `in_array`, and who
 * wants it otherwise adds `exists`.
 */
function tagHolds(tag: string | undefined, { relation, value }: Condition): boolean {
  switch (relation) {
    case 'exists':
      return tag !== undefined;
    case 'not_exists':
      return tag === undefined;
    case '=':
      return tag === value;
    case '!=':
      return tag !== value;
    case 'in_array':
      return tag !== undefined && listOf(value).includes(tag);
    case 'not_in_array':
      return tag === undefined || !listOf(value).includes(tag);
    case 'time_elapsed_gt':
      return secondsSince(tag) > numberIn(value);
    case 'time_elapsed_lt':
      return secondsSince(tag) < numberIn(value);
    // docs/onesignal.md 3: numeric filters work on numeric strings; text compares with nothing, and NaN is what says so.
    default:
      return compares(numberIn(tag ?? ''), relation, numberIn(value));
  }
}

const listOf = (value: string) => value.split(',').map((item) => item.trim());

/** docs/onesignal.md 3: the tag is an integer, unix seconds; anything else has no age. */
function secondsSince(tag: string | undefined): number {
  return tag !== undefined && /^-?\d+$/.test(tag) ? Date.now() / 1000 - Number(tag) : Number.NaN;
}

function hoursSince(unixSeconds: number | undefined): number {
  return unixSeconds === undefined ? Number.NaN : (Date.now() / 1000 - unixSeconds) / 3600;
}

function compares(left: number, relation: string, right: number): boolean {
  if (relation === '>') return left > right;
  if (relation === '<') return left < right;
  return (left === right) === (relation === '=');
}

/** `1.10` is later than `1.9`. */
function orderOf(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

/** Good to a percent on the distances of a radius; a sandbox needs no ellipsoid. */
function isNear({ profile }: User, { lat, long, radius }: Condition): boolean {
  if (profile.lat === undefined || profile.long === undefined) return false;
  const north = profile.lat - lat;
  const around = ((profile.long - long + 540) % 360) - 180;
  const east = around * Math.cos(((profile.lat + lat) / 2) * (Math.PI / 180));
  return Math.hypot(north, east) * METRES_PER_DEGREE <= radius;
}
