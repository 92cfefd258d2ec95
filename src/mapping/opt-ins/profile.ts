import type { Profile } from '../../onesignal/operation.js';
import { profileKey } from '../../onesignal/operation-keys.js';
import { recordOf, type UnknownRecord } from '../../record.js';
import { personasOf } from '../audience.js';
import { dayStart, unixSeconds } from '../dates.js';
import { type Draft, drop, recordPath } from '../draft.js';
import type { Settings } from '../settings.js';
import { languageOf } from './language.js';

/** OneSignal stores times as signed 32-bit integers. */
const maxSeconds = 2 ** 31 - 1;

/**
 * S3, option `profile`: the user's language, time zone, country, location and activity times.
 *
 * They come from `context.locale`, `context.timezone`, `context.location`, the traits `address.country`, `country` and
 * `createdAt`, and the time of the event. Context fields that cannot be used are dropped with reason `invalid_value`.
 * Traits in `exclude` are not read. Events of Engage do not count as activity of the user.
 */
export function addProfile(draft: Draft): void {
  const { event, settings, at } = draft;
  const { profile: wanted } = settings;
  if (wanted === undefined) return;
  const profile: Profile = {};
  draft.profile = profile;
  const context = recordOf(event.context);
  const location = recordOf(context.location);
  const traits = event.type === 'identify' ? recordOf(event.traits) : {};

  /** The first source that can be used wins. */
  const take = <Field extends keyof Profile>(
    field: Field,
    path: string,
    source: unknown,
    read: (value: unknown) => Profile[Field],
  ): void => {
    if (!wanted.fields.has(field) || profile[field] !== undefined || source === undefined || source === null) return;
    const value = read(source);
    if (value !== undefined) {
      profile[field] = value;
      recordPath(draft, profileKey(field), path);
    } else if (path.startsWith('context.')) {
      // Traits are not reported here: they become tags, or are dropped by the rules for tags.
      drop(draft, path, 'invalid_value');
    }
  };
  const trait = (name: string): unknown => (settings.exclude?.has(name) === true ? undefined : traits[name]);
  const created = createdAtOf(traits, settings);
  take('language', 'context.locale', context.locale, languageOf);
  take('timezone_id', 'context.timezone', context.timezone, (value) => (wanted.isTimeZone(value) ? value : undefined));
  take('country', 'context.location.country', location.country, countryOf);
  take('country', 'traits.address.country', recordOf(trait('address')).country, countryOf);
  take('country', 'traits.country', trait('country'), countryOf);
  take('lat', 'context.location.latitude', location.latitude, (value) => degreesOf(value, 90));
  take('long', 'context.location.longitude', location.longitude, (value) => degreesOf(value, 180));
  take('first_active', `traits.${created}`, trait(created), (value) => activeAt(dayStart(value)));
  if (personasOf(event) === undefined) take('last_active', 'timestamp', at, activeAt);
}

/** Accepts ISO 3166-1 alpha-2 codes. Names of countries are not translated. */
function countryOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : undefined;
}

function degreesOf(value: unknown, limit: number): number | undefined {
  const degrees = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  // Adding 0 turns -0, which JSON does not have, into 0.
  return typeof degrees === 'number' && Math.abs(degrees) <= limit ? degrees + 0 : undefined;
}

function activeAt(value: unknown): number | undefined {
  const time = unixSeconds(value);
  return time !== undefined && time >= 0 && time <= maxSeconds ? time : undefined;
}

/** The name of the trait, in any case and with underscores, as Segment's libraries spell it. */
function createdAtOf(traits: UnknownRecord, { exclude }: Settings): string {
  const isCreatedAt = (name: string) => name.length < 12 && name.replaceAll('_', '').toLowerCase() === 'createdat';
  return Object.keys(traits).find((name) => isCreatedAt(name) && exclude?.has(name) !== true) ?? 'createdAt';
}
