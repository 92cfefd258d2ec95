import { invalid, type Json, objectIn, Refusal, structured } from './answers.js';

/** The part of a user that a request sets. */
export interface Properties {
  tags: Map<string, string>;
  profile: Json;
}

/** A subscription in a request. */
export interface SubscriptionFields {
  enabled?: boolean;
  notification_types?: number;
  device: Record<string, string>;
}

/** A subscription in a request that may create one. */
export interface NewSubscription extends SubscriptionFields {
  type: string;
  token: string;
}

const supportedLanguages =
  'en ar az bg bs ca cs da de el es et fa fi fr he hi hr hu id it ja ka ko lt lv ms nb nl pa pl pt ro ru sk sr sv th tr uk vi zh-Hans zh-Hant'.split(
    ' ',
  );
const placeholders = ['NA', 'NULL', 'null', 'undefined', '0', '-1', 'all', '00000000-0000-0000-0000-000000000000'];
const webPush = ['ChromeExtensionPush', 'ChromePush', 'FirefoxPush', 'SafariLegacyPush', 'SafariPush'];
const channels = ['Email', 'SMS', 'iOSPush', 'AndroidPush', 'HuaweiPush', 'FireOSPush', 'WindowsPush', 'macOSPush'];

/** The properties of a user: at most 100 per request, with tags as strings. */
export function readProperties(body: Json): Properties {
  const { tags: _, ...profile } = objectIn(body, 'properties');
  const tags = new Map<string, string>();
  for (const [key, value] of Object.entries(objectIn(objectIn(body, 'properties'), 'tags'))) {
    if (typeof value !== 'string') throw invalid('tag values must be strings');
    tags.set(key, value);
  }
  if (tags.size + Object.keys(profile).length > 100) {
    const title = 'Please limit your tag updates to 100 per request';
    throw new Refusal(structured(400, 'invalid', title), 'properties', title);
  }
  checkProfile(profile);
  return { tags, profile };
}

function checkProfile({ language, timezone_id, country, lat, long, first_active, last_active }: Json): void {
  if (country !== undefined && !/^[A-Z]{2}$/.test(String(country))) throw invalid('country must be like AT');
  for (const [name, value, limit] of [
    ['lat', lat, 90],
    ['long', long, 180],
  ] as const)
    if (value !== undefined && !(typeof value === 'number' && Math.abs(value) <= limit))
      throw invalid(`${name} is out of range`);
  for (const seconds of [first_active, last_active])
    if (seconds !== undefined && !(Number.isInteger(seconds) && Number(seconds) >= 0 && Number(seconds) < 2 ** 31))
      throw invalid('first_active and last_active must be Unix seconds');
  if (timezone_id !== undefined && !isTimeZone(timezone_id)) throw invalid('timezone_id is not in the tz database');
  // A client cannot know which languages OneSignal currently supports, so this is not a violation.
  if (language !== undefined && !supportedLanguages.includes(String(language)))
    throw new Refusal(structured(400, 'invalid', 'The provided language value is not a supported ISO 639-1 value'));
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** An `identity` object, which maps labels to ids. */
export function readIdentity(body: Json): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const [label, id] of Object.entries(objectIn(body, 'identity'))) {
    if (typeof id !== 'string') throw invalid('identity values must be strings');
    checkAlias(label, id);
    aliases.set(label, id);
  }
  return aliases;
}

export function checkAlias(label: string, id: string): void {
  if (id.trim() === '') throw invalid('an alias id must not be blank');
  if (label === 'onesignal_id') return;
  if (label === 'external_id') {
    if (placeholders.includes(id)) throw invalid('a placeholder is not an external id');
  } else if ([label, id].some((text) => [...text].length > 128 || /[/?#&=\s\p{Cc}]|\.\./u.test(text)))
    throw invalid('an alias has at most 128 characters, without /?#&=, white space and ".."');
}

/** A `subscription` object that changes one. */
export function readSubscription(subscription: Json): SubscriptionFields {
  const { enabled, notification_types } = subscription;
  const fields: SubscriptionFields = { device: {} };
  for (const name of ['app_version', 'device_model', 'device_os', 'sdk']) {
    const value = subscription[name];
    if (value !== undefined && typeof value !== 'string') throw invalid(`${name} must be a string`);
    if (value !== undefined) fields.device[name] = value;
  }
  if (enabled !== undefined) {
    if (typeof enabled !== 'boolean') throw invalid('enabled must be a boolean');
    fields.enabled = enabled;
  }
  if (notification_types !== undefined) {
    if (typeof notification_types !== 'number' || !Number.isInteger(notification_types))
      throw invalid('notification_types must be an integer');
    fields.notification_types = notification_types;
  }
  return fields;
}

/** A `subscription` object that may create one. The caller must check whether a web push subscription exists. */
export function readNewSubscription(subscription: Json): NewSubscription {
  const { type, token } = subscription;
  if (typeof type !== 'string' || ![...channels, ...webPush].includes(type)) throw invalid('type is unknown');
  if (typeof token !== 'string' || token === '') throw invalid('token must be a non-empty string');
  if (type === 'Email' && !/^\S+@\S+$/.test(token)) throw invalid('an email token must be an address');
  if (type === 'SMS' && !/^\+[1-9]\d{1,14}$/.test(token)) throw invalid('an SMS token must be E.164');
  if (type === 'iOSPush' && !/^[\da-f]{64}$/i.test(token)) throw invalid('an iOS token has 64 hexadecimal characters');
  return { ...readSubscription(subscription), type, token };
}

export function isWebPush(type: string): boolean {
  return webPush.includes(type);
}

/** A purchase in `deltas`. */
export interface Purchase {
  sku: string;
  iso: string;
  amount: string;
  count?: number;
}

export function readPurchase({ sku, iso, amount, count }: Json): Purchase {
  if (typeof sku !== 'string' || typeof iso !== 'string' || typeof amount !== 'string')
    throw invalid('sku, iso and amount must be strings');
  if (!/^-?\d+(\.\d+)?$/.test(amount)) throw invalid('amount must be a decimal');
  if (count === undefined) return { sku, iso, amount };
  if (typeof count !== 'number' || !Number.isInteger(count)) throw invalid('count must be an integer');
  return { sku, iso, amount, count };
}

/** A custom event. An invalid one refuses the whole request. */
export interface CustomEvent {
  name: string;
  label: string;
  id: string;
  timestamp: string | undefined;
  properties: Json;
  idempotency_key: string | undefined;
}

export function readCustomEvent(event: Json): CustomEvent {
  const { name, external_id, onesignal_id, timestamp, idempotency_key: key } = event;
  const id = external_id ?? onesignal_id;
  if (typeof name !== 'string' || name === '' || [...name].length > 128) throw invalid('name has 1 to 128 characters');
  if (/^os(\.|__)/.test(name)) throw invalid('names that begin with os. or os__ are reserved');
  if (typeof id !== 'string' || id === '') throw invalid('an event names a user');
  if (timestamp !== undefined && (typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp))))
    throw invalid('timestamp must be ISO 8601');
  if (key !== undefined && (typeof key !== 'string' || !isUuid(key))) throw invalid('idempotency_key must be a UUID');
  if (Buffer.byteLength(JSON.stringify(event)) > 2_024) throw invalid('an event has at most 2,024 bytes');
  const label = external_id === undefined ? 'onesignal_id' : 'external_id';
  return { name, label, id, timestamp, properties: objectIn(event, 'properties'), idempotency_key: key };
}

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
