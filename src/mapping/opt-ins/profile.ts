import type { Profile } from '../../onesignal/operation.js';
import { isRecord, type UnknownRecord } from '../../record.js';
import { dayStart, seconds } from '../dates.js';
import { type Draft, drop } from '../draft.js';
import { personasOf } from '../personas.js';
import { languageOf } from './language.js';

/** OneSignal keeps both times as signed 32-bit integers. */
const maxSeconds = 2 ** 31 - 1;

/**
 * S3, option `profile`: the user's language, time zone, country, place and times, as far as the event tells them.
 *
 * From `context.locale`, `context.timezone`, `context.location`, the traits `address.country` and `createdAt`, and the
 * event's time. What is there and cannot be used is dropped `invalid_value`. Engage's own events are no activity of the user.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user, properties}
 */
export function addProfile(draft: Draft): void {
  const { event, settings, at } = draft;
  if (settings.profile === undefined) return;
  const profile: Profile = {};
  const profilePaths = new Map<keyof Profile, string>();
  draft.profile = profile;
  draft.profilePaths = profilePaths;
  const context = isRecord(event.context) ? event.context : {};
  const location = isRecord(context.location) ? context.location : {};
  const traits = event.type === 'identify' && isRecord(event.traits) ? event.traits : {};
  const address = isRecord(traits.address) ? traits.address : {};

  const take = <Field extends keyof Profile>(
    field: Field,
    path: string,
    source: unknown,
    read: (value: unknown) => Profile[Field],
  ): void => {
    if (settings.profile?.has(field) !== true || source === undefined || source === null) return;
    const value = read(source);
    if (value !== undefined) {
      profile[field] = value;
      profilePaths.set(field, path);
    } else if (path.startsWith('context.')) {
      // A trait that cannot be used here is a tag, or is reported as what it is.
      drop(draft, path, 'invalid_value');
    }
  };
  const created = createdAtOf(traits);
  take('language', 'context.locale', context.locale, languageOf);
  take('timezone_id', 'context.timezone', context.timezone, timeZoneOf);
  take('country', 'traits.address.country', address.country, countryOf);
  take('country', 'context.location.country', location.country, countryOf);
  take('lat', 'context.location.latitude', location.latitude, (value) => degreesOf(value, 90));
  take('long', 'context.location.longitude', location.longitude, (value) => degreesOf(value, 180));
  take('first_active', `traits.${created}`, traits[created], (value) => activeAt(dayStart(value)));
  if (personasOf(event) === undefined) take('last_active', 'timestamp', at, activeAt);
}

/** Names of the tz database; Windows has others, with blanks. */
function timeZoneOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(value) ? value : undefined;
}

/** ISO 3166-1 alpha-2; a name is not translated. */
function countryOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : undefined;
}

function degreesOf(value: unknown, limit: number): number | undefined {
  const degrees = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  // JSON has no -0.
  return typeof degrees === 'number' && Math.abs(degrees) <= limit ? degrees + 0 : undefined;
}

function activeAt(value: unknown): number | undefined {
  const time = seconds(value);
  return time !== undefined && time >= 0 && time <= maxSeconds ? time : undefined;
}

/** The name of the trait, in any case and with underscores, as Segment's libraries spell it. */
function createdAtOf(traits: UnknownRecord): string {
  const isIt = (name: string) => name.length < 12 && name.replaceAll('_', '').toLowerCase() === 'createdat';
  return Object.keys(traits).find(isIt) ?? 'createdAt';
}
