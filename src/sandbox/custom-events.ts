import { isUuid } from '../onesignal/is-uuid.js';
import type { OneSignalCustomEvent } from '../onesignal/operation.js';
import { isRecord } from '../record.js';
import { answerJson, Refused } from './answers.js';
import type { User } from './records.js';
import { lengthOf } from './values.js';

/** docs/onesignal.md 5: 2,024, not 2,048. */
const MAX_EVENT_BYTES = 2_024;
/**
 * docs/onesignal.md 5: "1 MB", read as the smaller of its two meanings so that OneSignal accepts all that the sandbox
 * accepts.
 */
const MAX_REQUEST_BYTES = 1_000_000;
const MAX_NAME_CHARACTERS = 128;
/** docs/onesignal.md 5: "ignored on a best-effort basis within a 4-hour period". */
const KEY_LIFE_MS = 4 * 60 * 60 * 1000;

/** The custom events of an app. */
export interface CustomEvents {
  /** In order of arrival. */
  readonly received: OneSignalCustomEvent[];
  /** Maps an idempotency key to the Unix milliseconds at which it expires; the oldest comes first. */
  readonly keys: Map<string, number>;
}

interface IncomingEvent {
  name: string;
  label: 'external_id' | 'onesignal_id';
  id: string;
  timestamp: string;
  properties: Record<string, unknown>;
  key?: string;
}

/**
 * `POST …/custom_events`: a 202 that lists the events of unknown users and accepts all others (docs/onesignal.md 5).
 */
export function receiveEvents(
  events: CustomEvents,
  body: unknown,
  bytes: number,
  findUser: (label: string, id: string) => User | undefined,
  now: number,
): Response {
  const list = isRecord(body) ? body.events : undefined;
  if (!Array.isArray(list) || list.length === 0 || bytes > MAX_REQUEST_BYTES) throw invalidEvents();
  const incoming = list.map((event) => readEvent(event, now));
  forgetKeys(events.keys, now);
  const errors: unknown[] = [];
  for (const event of incoming) {
    const user = findUser(event.label, event.id);
    if (user === undefined) errors.push(unknownUser(event));
    else if (event.key === undefined || !events.keys.has(event.key)) {
      if (event.key !== undefined) events.keys.set(event.key, now + KEY_LIFE_MS);
      events.received.push(toEvent(event, user));
    }
  }
  return answerJson(202, errors.length === 0 ? {} : { errors });
}

/** docs/onesignal.md 5: a 400 has an empty body and refuses the whole request. */
export function invalidEvents(): Refused {
  return new Refused(answerJson(400, {}));
}

function readEvent(value: unknown, now: number): IncomingEvent {
  if (!isRecord(value) || bytesOf(value) > MAX_EVENT_BYTES) throw invalidEvents();
  // The documentation says `properties`; OneSignal's own SDKs send `payload` to the same path (docs/onesignal.md 5).
  const { name, external_id, onesignal_id, timestamp, idempotency_key: key, properties = value.payload ?? {} } = value;
  const id = external_id ?? onesignal_id;
  if (typeof name !== 'string' || name === '' || lengthOf(name) > MAX_NAME_CHARACTERS) throw invalidEvents();
  // docs/onesignal.md 5: "reserved, ingest-enforced".
  if (/^os(\.|__)/.test(name)) throw invalidEvents();
  if (typeof id !== 'string' || id === '' || !isRecord(properties)) throw invalidEvents();
  const at = timestamp === undefined ? now : typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(at) || (key !== undefined && !isUuid(key))) throw invalidEvents();
  return {
    name,
    label: external_id === undefined ? 'onesignal_id' : 'external_id',
    id,
    // docs/onesignal.md 5: a time in the future is replaced by the current time.
    timestamp: typeof timestamp === 'string' && at <= now ? timestamp : new Date(now).toISOString(),
    properties,
    ...(key === undefined ? {} : { key }),
  };
}

function bytesOf(value: unknown): number {
  try {
    const json = JSON.stringify(value);
    // A UTF-16 unit takes at most three bytes, so most events are known to be small enough without encoding them.
    return json.length * 3 <= MAX_EVENT_BYTES ? json.length : new TextEncoder().encode(json).length;
  } catch {
    // Nested too deeply to stringify, hence too large.
    return Number.POSITIVE_INFINITY;
  }
}

/** The text is that of docs/onesignal.md 5; `event_id` is the event's property of that name. */
function unknownUser({ id, properties }: IncomingEvent): unknown {
  const { event_id: eventId } = properties;
  return {
    event_user_id: id,
    ...(typeof eventId === 'string' ? { event_id: eventId } : {}),
    error: { code: 'not found', title: `failed to find a onesignal_id for user_id ${id}` },
  };
}

function toEvent({ name, id, label, timestamp, properties, key }: IncomingEvent, user: User): OneSignalCustomEvent {
  const externalId = label === 'external_id' ? id : user.aliases.get('external_id');
  const owner = externalId === undefined ? { onesignal_id: user.onesignalId } : { external_id: externalId };
  return { name, ...owner, timestamp, properties, ...(key === undefined ? {} : { idempotency_key: key }) };
}

function forgetKeys(keys: Map<string, number>, now: number): void {
  for (const [key, until] of keys) {
    if (until > now) break;
    keys.delete(key);
  }
}
