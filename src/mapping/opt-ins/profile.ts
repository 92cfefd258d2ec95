import type { Profile } from '../../onesignal/operation.js';
import { recordOf, type UnknownRecord } from '../../record.js';
import { personasOf } from '../audience.js';
import { dayStart, unixSeconds } from '../dates.js';
import { type Draft, drop } from '../draft.js';

/** OneSignal stores times as signed 32-bit integers. */
const maxSeconds = 2 ** 31 - 1;
/** Java and Android still write the codes that ISO 639-1 replaced in 1989. */
const formerCodes: Readonly<Record<string, string>> = { iw: 'he', in: 'id', ji: 'yi' };

/**
 * S3, option `profile`: the user's language, time zone, country, location and activity times.
 *
 * They come from `context.locale`, `context.timezone`, `context.location`, the traits `address.country` and
 * `createdAt`, and the time of the event. Context fields that cannot be used are dropped with reason `invalid_value`.
 * Events of Engage do not count as activity of the user.
 */
export function addProfile(draft: Draft): void {
  const { event, settings, at } = draft;
  if (settings.profile === undefined) return;
  const profile: Profile = {};
  const profilePaths = new Map<keyof Profile, string>();
  draft.profile = profile;
  draft.profilePaths = profilePaths;
  const context = recordOf(event.context);
  const location = recordOf(context.location);
  const traits = event.type === 'identify' ? recordOf(event.traits) : {};
  const address = recordOf(traits.address);

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
      // Traits are not reported here: they become tags, or are dropped by the rules for tags.
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

/**
 * The ISO 639-1 code of a locale: `zh` for `zh-Hant-TW`, `en` for `en_US`, `he` for Android's `iw-IL`.
 *
 * @returns `undefined` if the language has no two-letter code, or the value is not a locale.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5646#section-2.1 | BCP 47, Syntax}
 */
function languageOf(locale: unknown): string | undefined {
  const code = typeof locale === 'string' ? /^([A-Za-z]{2})(?:[-_.@]|$)/.exec(locale)?.[1]?.toLowerCase() : undefined;
  if (code === undefined) return undefined;
  return Object.hasOwn(formerCodes, code) ? formerCodes[code] : code;
}

/** Accepts names of the tz database. The names that Windows uses contain spaces. */
function timeZoneOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(value) ? value : undefined;
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
function createdAtOf(traits: UnknownRecord): string {
  const isCreatedAt = (name: string) => name.length < 12 && name.replaceAll('_', '').toLowerCase() === 'createdat';
  return Object.keys(traits).find(isCreatedAt) ?? 'createdAt';
}
