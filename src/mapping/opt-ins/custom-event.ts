import { EventError } from '../../errors.js';
import { isReservedLabel } from '../../onesignal/alias-text.js';
import { maxCustomEventBytes, maxNameCharacters } from '../../onesignal/limits.js';
import type { OneSignalCustomEvent } from '../../onesignal/operation.js';
import { utf8Bytes } from '../../onesignal/utf8.js';
import type { UnknownRecord } from '../../record.js';
import { type Draft, drop } from '../draft.js';

import { idempotencyKey } from './idempotency-key.js';
import { plainJson } from './plain-json.js';

const cannotSend = 'Cannot send the event as a custom event';

/** The parts of a Segment event that a custom event is made from. */
export interface CustomEventSource {
  /** Name of the custom event. If it is absent or unusable, the plan fails. */
  readonly name: string | undefined;
  /** Path of the name in the Segment event, for the error. */
  readonly namePath: string;
  readonly properties: UnknownRecord;
  /** Name of the properties in the Segment event. */
  readonly root: 'traits' | 'properties';
}

/**
 * S2: adds a custom event with the properties of the event as JSON, nested as they came.
 *
 * Fields in `exclude` are left out (`excluded`); the other key options apply to tags only. A field that the custom
 * event carries is no longer reported as dropped.
 *
 * The plan fails if OneSignal would refuse the name (`invalid_event`) or the custom event is larger than 2,024 bytes
 * (`event_too_large`). It keeps its other operations.
 */
export function addCustomEvent(draft: Draft, { name, namePath, properties, root }: CustomEventSource): void {
  if (name === undefined || !isName(name)) {
    draft.error = unusableName(namePath, name);
    return;
  }
  const { event, user, at, settings } = draft;
  const names = Object.keys(properties);
  const kept = names.filter((field) => settings.exclude?.has(field) !== true);
  const copy = plainJson(Object.fromEntries(kept.map((field) => [field, properties[field]])), maxCustomEventBytes);
  const customEvent: OneSignalCustomEvent = {
    name,
    ...(user.label === 'onesignal_id' ? { onesignal_id: user.id } : { external_id: user.id }),
    ...(at === undefined ? {} : { timestamp: at }),
    properties: copy ?? {},
  };
  const keyed = { ...customEvent, idempotency_key: idempotencyKey(event, customEvent) };
  if (copy === undefined || utf8Bytes(JSON.stringify(keyed)) > maxCustomEventBytes) {
    draft.error = tooLarge();
    return;
  }
  draft.others.push({ type: 'send_custom_events', events: [keyed] });
  reportLostProperties(draft, root, properties, keyed.properties);
}

/** S2d: whether a custom event can name the user. It takes an External ID or a OneSignal ID, and no other alias. */
export function canNameUser({ user }: Draft): boolean {
  return isReservedLabel(user.label);
}

/**
 * S2d: reports a custom event that cannot name its user, by the path of its name (`unsupported_label`).
 *
 * @param properties - The properties that are lost with it: those that did not become tags either.
 */
export function dropCustomEvent(draft: Draft, { namePath, properties, root }: Omit<CustomEventSource, 'name'>): void {
  drop(draft, namePath, 'unsupported_label');
  for (const field of Object.keys(properties)) {
    if (properties[field] === undefined) continue;
    drop(draft, `${root}.${field}`, draft.settings.exclude?.has(field) ? 'excluded' : 'unsupported_label');
  }
}

/**
 * Replaces earlier reports: with a custom event, only excluded properties and values that JSON cannot hold are lost.
 */
function reportLostProperties(draft: Draft, root: string, properties: UnknownRecord, sent: UnknownRecord): void {
  draft.dropped = draft.dropped.filter(({ path }) => !path.startsWith(`${root}.`));
  for (const field of Object.keys(properties)) {
    if (Object.hasOwn(sent, field) || properties[field] === undefined) continue;
    drop(draft, `${root}.${field}`, draft.settings.exclude?.has(field) ? 'excluded' : 'invalid_value');
  }
}

/** OneSignal reserves names that start with `os.` or `os__`. */
function isName(name: string): boolean {
  if (name.trim() === '' || /^os(?:\.|__)/.test(name)) return false;
  // A character is at most two code units, so that a very long name is not copied.
  return name.length <= 2 * maxNameCharacters && Array.from(name).length <= maxNameCharacters;
}

function unusableName(path: string, name: string | undefined): EventError {
  const expected = `a name of 1 to ${maxNameCharacters} characters that does not begin with os. or os__`;
  return new EventError('invalid_event', `${cannotSend}: "${path}" must be ${expected}.`, [
    { path, expected, received: typeof name },
  ]);
}

function tooLarge(): EventError {
  return new EventError(
    'event_too_large',
    `${cannotSend}: it exceeds ${maxCustomEventBytes} bytes. Leave out properties with the "exclude" option.`,
  );
}
