import type { User } from '../records.js';
import { type Alternatives, type Condition, numberIn } from './filter.js';

const METRES_PER_DEGREE = 111_195;

/** Whether a user currently matches the filters of a segment. */
export function isMember(user: User, filters: Alternatives, now: number): boolean {
  return filters.some((all) => all.every((condition) => holds(user, condition, now)));
}

function holds(user: User, condition: Condition, now: number): boolean {
  switch (condition.field) {
    case 'tag':
      return tagHolds(user.tags.get(condition.key), condition, now);
    case 'language':
    case 'country':
      return (user.profile[condition.field] === condition.value) === (condition.relation === '=');
    case 'session_count':
      return compares(user.sessionCount, condition.relation, numberIn(condition.value));
    case 'session_time':
      return compares(user.sessionTime, condition.relation, numberIn(condition.value));
    case 'first_session':
      return compares(hoursSince(user.profile.first_active, now), condition.relation, condition.hoursAgo);
    case 'last_session':
      return compares(hoursSince(user.profile.last_active, now), condition.relation, condition.hoursAgo);
    case 'app_version':
      return [...user.subscriptions].some(({ device }) =>
        compares(orderOf(device.app_version ?? '', condition.value), condition.relation, 0),
      );
    default:
      return isNear(user, condition);
  }
}

/**
 * No source says whether `!=` and `not_in_array` match users without the tag (docs/onesignal.md 4). Here they do, as
 * the opposites of `=` and `in_array`; adding `exists` excludes those users.
 */
function tagHolds(tag: string | undefined, { relation, value }: Condition, now: number): boolean {
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
      return tag !== undefined && itemsOf(value).includes(tag);
    case 'not_in_array':
      return tag === undefined || !itemsOf(value).includes(tag);
    case 'time_elapsed_gt':
      return secondsSince(tag, now) > numberIn(value);
    case 'time_elapsed_lt':
      return secondsSince(tag, now) < numberIn(value);
    // docs/onesignal.md 3: `>` and `<` work on numeric strings. Any other string becomes NaN, which compares with
    // nothing.
    default:
      return compares(numberIn(tag ?? ''), relation, numberIn(value));
  }
}

const itemsOf = (value: string) => value.split(',').map((item) => item.trim());

/** docs/onesignal.md 3: such a tag holds integer Unix seconds; anything else has no age. */
function secondsSince(tag: string | undefined, now: number): number {
  return tag !== undefined && /^-?\d+$/.test(tag) ? now / 1000 - Number(tag) : Number.NaN;
}

function hoursSince(unixSeconds: number | undefined, now: number): number {
  return unixSeconds === undefined ? Number.NaN : (now / 1000 - unixSeconds) / 3600;
}

function compares(left: number, relation: string, right: number): boolean {
  if (relation === '>') return left > right;
  if (relation === '<') return left < right;
  return (left === right) === (relation === '=');
}

/** Compares versions numerically: `1.10` is later than `1.9`. */
function orderOf(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

/** Treats the earth as a sphere, which is accurate to about 1 % at the distances of a radius. */
function isNear({ profile }: User, { lat, long, radius }: Condition): boolean {
  if (profile.lat === undefined || profile.long === undefined) return false;
  const north = profile.lat - lat;
  const around = ((profile.long - long + 540) % 360) - 180;
  const east = around * Math.cos(((profile.lat + lat) / 2) * (Math.PI / 180));
  return Math.hypot(north, east) * METRES_PER_DEGREE <= radius;
}
