import { ConfigurationError, EventError, type EventIssue } from '../errors.js';
import type { EventStreamKind } from '../onesignal/event-kinds.js';
import { utf8Bytes } from '../onesignal/utf8.js';
import { isRecord } from '../record.js';
import { readTime } from '../segment/timestamp.js';
import { factsOf, kindOf } from './kinds.js';
import { maxEventBytes, maxMessageIdCharacters } from './limits.js';
import { checkTrackOptions, type EventToTrackOptions } from './options.js';
import { parseStreamBody } from './parse-body.js';
import { isPersonal } from './personal-data.js';
import { readProperties } from './properties.js';
import { createFieldReader, type FieldReader } from './read-fields.js';
import { decoded, idOf, textOf } from './texts.js';
import type { EventStreamTrack } from './track.js';

/**
 * Why an event does not become a track:
 *
 * - `unknown_kind`: OneSignal's docs do not list its `event.kind`.
 * - `kind_off`: OneSignal's own source does not send this kind, and {@link EventToTrackOptions.kinds} is not `'all'`.
 *
 * A minor release may add reasons: give a `switch` over them a `default`.
 */
export type EventStreamSkipReason = 'unknown_kind' | 'kind_off';

/**
 * What is missing in a track:
 *
 * - `message_expired`: name, title, text and template of the message are blank. OneSignal keeps them for 30 days.
 * - `personal_data`: an email address, phone number or token was removed from a property.
 * - `texts_lost`: the body is not JSON, so that only its ids could be read. Paste {@link eventStreamTemplate}.
 * - `no_timestamp`: the event has no time that can be read. Segment uses the time of arrival.
 *
 * A minor release may add warnings: give a `switch` over them a `default`.
 */
export type EventStreamWarning = 'message_expired' | 'personal_data' | 'texts_lost' | 'no_timestamp';

/** The result of {@link eventToTrack}. */
export type EventToTrackResult =
  | {
      /** The event is a track. */
      status: 'mapped';
      /** The track call to send to Segment. */
      track: EventStreamTrack;
      /** What is missing in it. */
      warnings: readonly EventStreamWarning[];
    }
  | {
      /** There is nothing to send. */
      status: 'skipped';
      /** Why. */
      reason: EventStreamSkipReason;
    }
  | {
      /** The body cannot be used. */
      status: 'failed';
      /** What is wrong with it. It holds no value of the body. */
      error: EventError;
    };

/**
 * Maps a body of OneSignal's Event Streams to a track call of Segment. Pure: it never throws, and the same body gives
 * the same track.
 *
 * Shape: `{ 'event.kind': 'message.push.clicked', 'event.external_id': 'u1', … }` becomes
 * `{ type: 'track', event: 'Push Clicked', userId: 'u1', … }`. The names may be dotted (flat, or inside "Event Data" and
 * "Message Data"), in snake case, or paths of nested objects. A user without an External ID gets the id of the
 * subscription as `anonymousId`.
 *
 * A track never contains tags, tokens, email addresses or phone numbers, wherever the template put them, except as an
 * External ID. Blank values are left out.
 *
 * @param body - The body, parsed or as a string. In a string, titles may contain line breaks and quotes.
 * @param options - Names and kinds.
 * @returns The track; or `skipped`, for kinds that are unknown or not enabled; or `failed`, if the body has no kind, no
 * event id or no user, if the track is over 32,000 bytes, or if the options are invalid.
 *
 * @example
 * ```ts
 * import { eventToTrack } from 'segment-onesignal/event-stream';
 *
 * eventToTrack({ 'event.kind': 'message.push.clicked', 'event.id': 'e1', 'event.external_id': 'u1' });
 * // { status: 'mapped', track: { type: 'track', event: 'Push Clicked', userId: 'u1', messageId: 'e1', … }, … }
 * ```
 *
 * @see {@link https://documentation.onesignal.com/docs/en/event-streams-data | OneSignal: Event Stream data}
 * @see {@link https://segment.com/docs/connections/sources/catalog/cloud-apps/onesignal/ | Segment: OneSignal source}
 */
export function eventToTrack(body: unknown, options: EventToTrackOptions = {}): EventToTrackResult {
  try {
    checkTrackOptions(options);
    const parsed = typeof body === 'string' ? parseStreamBody(body) : { body, isIncomplete: false };
    if (parsed === undefined) return failed('The body is not JSON. Paste eventStreamTemplate into the event stream.');
    return mapBody(parsed.body, options, parsed.isIncomplete ? ['texts_lost'] : []);
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) {
      const error = new EventError('invalid_mapping', `The options are invalid: ${thrown.message}`);
      return { status: 'failed', error };
    }
    return failed('Reading the event threw an error. Pass plain JSON data.');
  }
}

function mapBody(body: unknown, options: EventToTrackOptions, found: EventStreamWarning[]): EventToTrackResult {
  if (!isRecord(body)) {
    const received = body === null ? 'null' : Array.isArray(body) ? 'array' : typeof body;
    return failed('Expected the body to be an object with the fields of one event.', [
      { path: '', expected: 'an object', received },
    ]);
  }
  const fields = createFieldReader(body);
  const kindText = idOf(fields.read('event.kind'));
  if (kindText === undefined) return lacking(['event.kind']);
  const kind = kindOf(kindText);
  if (kind === undefined) return { status: 'skipped', reason: 'unknown_kind' };
  if (factsOf(kind).isExtra && options.kinds !== 'all') return { status: 'skipped', reason: 'kind_off' };

  const messageId = idOf(fields.read('event.id'));
  const user = userOf(fields);
  if (messageId === undefined || user === undefined) {
    return lacking([
      ...(messageId === undefined ? ['event.id'] : []),
      ...(user === undefined ? ['event.external_id', 'event.subscription_id'] : []),
    ]);
  }
  if (messageId.length > maxMessageIdCharacters || isPersonal(messageId)) {
    const expected = `an id of at most ${maxMessageIdCharacters} characters`;
    return failed(`Expected "event.id" to be ${expected}.`, [{ path: 'event.id', expected, received: 'string' }]);
  }
  return toTrack({ kind, messageId, user, fields, names: options.names ?? 'onesignal', found });
}

/** The parts of a track. */
interface Parts {
  kind: EventStreamKind;
  messageId: string;
  user: User;
  fields: FieldReader;
  names: 'onesignal' | 'spec';
  found: EventStreamWarning[];
}

function toTrack({ kind, messageId, user, fields, names, found }: Parts): EventToTrackResult {
  const { name, specName } = factsOf(kind);
  const { properties, isRedacted } = readProperties(kind, fields, names);
  const onesignalId = idOf(fields.read('event.onesignal_id') ?? fields.read('user.onesignal_id'));
  const timestamp = timestampOf(fields);
  const track: EventStreamTrack = {
    type: 'track',
    event: names === 'spec' ? (specName ?? name) : name,
    ...user,
    messageId,
    ...(timestamp === undefined ? {} : { timestamp }),
    properties,
    context: {
      integration: { name: 'onesignal', version: '1.0.0' },
      ...(onesignalId === undefined || isPersonal(onesignalId) ? {} : { onesignal_id: onesignalId }),
    },
    integrations: { OneSignal: false, 'OneSignal New': false, 'OneSignal (New)': false },
  };
  if (utf8Bytes(JSON.stringify(track)) > maxEventBytes) {
    const message = `The track exceeds ${maxEventBytes} bytes, which Segment refuses. Shorten the texts of the message.`;
    return { status: 'failed', error: new EventError('event_too_large', message) };
  }
  const warnings = [...found];
  if (!found.includes('texts_lost') && isExpired(fields)) warnings.push('message_expired');
  if (isRedacted) warnings.push('personal_data');
  if (timestamp === undefined) warnings.push('no_timestamp');
  return { status: 'mapped', track, warnings };
}

type User = { userId: string } | { anonymousId: string };

/** Segment counts either id as a user, so a track has one of them only. */
function userOf(fields: FieldReader): User | undefined {
  const userId = decoded(idOf(fields.read('event.external_id') ?? fields.read('user.external_id')));
  if (userId !== undefined) return { userId };
  const anonymousId = idOf(fields.read('event.subscription_id') ?? fields.read('user.subscription.id'));
  return anonymousId === undefined || isPersonal(anonymousId) ? undefined : { anonymousId };
}

function timestampOf(fields: FieldReader): string | undefined {
  const time = readTime(textOf(fields.read('event.datetime'))) ?? readTime(textOf(fields.read('event.timestamp')));
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** Whether the template asks for the message's facts, and OneSignal has none of them any more. */
function isExpired({ has, read }: FieldReader): boolean {
  const names = ['message.name', 'message.title', 'message.contents', 'message.template_id'];
  return names.some(has) && names.every((name) => read(name) === undefined);
}

function lacking(paths: readonly string[]): EventToTrackResult {
  const issues = paths.map((path) => ({ path, expected: 'a non-empty string', received: 'undefined' }));
  const names = paths.map((path) => `"${path}"`).join(' or ');
  return failed(`The body has no ${names}. Paste eventStreamTemplate into the event stream.`, issues);
}

function failed(message: string, issues: EventIssue[] = []): EventToTrackResult {
  return { status: 'failed', error: new EventError('invalid_event', message, issues) };
}
