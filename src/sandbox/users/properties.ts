import type { Profile, Purchase } from '../../onesignal/operation.js';
import { isRecord } from '../../record.js';
import { invalid } from '../answers.js';
import type { User } from '../records.js';
import { isTimeZone } from '../values.js';
import { isSupportedLanguage } from './languages.js';
import { readTags } from './tags.js';

/**
 * docs/onesignal.md 3 and 6: "Up to 100 property updates per request". The text of the error is that of the older API,
 * which named only tags.
 */
const MAX_UPDATES = 100;
const MAX_INT32 = 2_147_483_647;

/** The properties that a request sets on a user. */
export interface Properties {
  tags: Map<string, string>;
  profile: User['profile'];
}

/** The amounts that a request adds to a user. */
export interface Deltas {
  sessionTime: number;
  sessionCount: number;
  purchases: Purchase[];
}

const isText = (value: unknown) => typeof value === 'string';
const isSeconds = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_INT32;
const isBetween = (limit: number) => (value: unknown) => typeof value === 'number' && Math.abs(value) <= limit;

/** docs/onesignal.md 2.1. The range of `int32` catches milliseconds that were sent instead of seconds. */
const rules: Readonly<Record<keyof Profile | 'test_user_name', { holds: (value: unknown) => boolean; error: string }>> =
  {
    // OneSignal's own words, as observed.
    language: {
      holds: isSupportedLanguage,
      error: 'The provided language value is not a supported ISO 639-1 value',
    },
    timezone_id: { holds: isTimeZone, error: 'timezone_id must be a tz database name' },
    country: {
      holds: (value) => isText(value) && /^[A-Z]{2}$/.test(String(value)),
      error: 'country must be an ISO 3166-1 alpha-2 code in upper case',
    },
    lat: { holds: isBetween(90), error: 'lat must be a number from -90 to 90' },
    long: { holds: isBetween(180), error: 'long must be a number from -180 to 180' },
    first_active: { holds: isSeconds, error: 'first_active must be Unix seconds' },
    last_active: { holds: isSeconds, error: 'last_active must be Unix seconds' },
    test_user_name: { holds: isText, error: 'test_user_name must be a string' },
  };

/** Reads a `properties` object. Unknown properties are ignored, because the API's schema allows additional ones. */
export function readProperties(value: unknown = {}): Properties {
  if (!isRecord(value)) throw invalid('properties must be an object');
  const profile: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const property = Object.hasOwn(value, name) ? value[name] : undefined;
    if (property === undefined) continue;
    if (!rule.holds(property)) throw invalid(rule.error);
    profile[name] = property;
  }
  const tags = value.tags === undefined ? new Map<string, string>() : readTags(value.tags);
  if (tags.size + Object.keys(profile).length > MAX_UPDATES)
    throw invalid(`Please limit your tag updates to ${MAX_UPDATES} per request`);
  return { tags, profile };
}

/** Reads a `deltas` object. */
export function readDeltas(value: unknown = {}): Deltas {
  if (!isRecord(value)) throw invalid('deltas must be an object');
  const { session_time: sessionTime = 0, session_count: sessionCount = 0, purchases = [] } = value;
  if (
    typeof sessionTime !== 'number' ||
    typeof sessionCount !== 'number' ||
    !isSeconds(sessionTime) ||
    !isSeconds(sessionCount)
  )
    throw invalid('session_time and session_count must be integers');
  if (!Array.isArray(purchases)) throw invalid('purchases must be an array');
  return { sessionTime, sessionCount, purchases: purchases.map(readPurchase) };
}

/** docs/onesignal.md 2.2: `amount` is a string; sku, amount and iso are required. */
function readPurchase(value: unknown): Purchase {
  if (!isRecord(value)) throw invalid('a purchase must be an object');
  const { sku, amount, iso, count } = value;
  if (typeof sku !== 'string' || typeof amount !== 'string' || typeof iso !== 'string')
    throw invalid('sku, amount and iso of a purchase must be strings');
  if (count === undefined) return { sku, amount, iso };
  if (typeof count !== 'number' || !Number.isInteger(count)) throw invalid('count of a purchase must be an integer');
  return { sku, amount, iso, count };
}
