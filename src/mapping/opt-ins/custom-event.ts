import { EventError } from '../../errors.js';
import { maxCustomEventBytes, maxNameCharacters } from '../../onesignal/limits.js';
import type { OneSignalCustomEvent } from '../../onesignal/operation.js';
import { utf8Bytes } from '../../onesignal/utf8.js';
import type { UnknownRecord } from '../../record.js';
import { type Draft, drop } from '../draft.js';
import { idempotencyKey } from './idempotency-key.js';
import { plainJson } from './plain-json.js';

/** What a custom event is made of. */
export interface EventSource {
  /** Its name; absent or unusable fails the plan. */
  readonly name: string | undefined;
  /** Where the name stands in Segment's event, for the error. */
  readonly namePath: string;
  readonly properties: UnknownRecord;
  /** Under which name the properties stand in Segment's event. */
  readonly root: 'traits' | 'properties';
}

/**
 * S2: adds a custom event with the event's properties as JSON, nested as they came.
 *
 * Option `exclude` holds for it too (`excluded`), the other key options are about tags. What it carries is not lost, so it is
 * no longer reported as dropped. A name that OneSignal refuses, or more than 2,024 bytes of UTF-8, fails the plan
 * (`invalid_event`, `event_too_large`), which keeps its other operations.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 */
export function addCustomEvent(draft: Draft, { name, namePath, properties, root }: EventSource): void {
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
    external_id: user.id,
    ...(at === undefined ? {} : { timestamp: at }),
    properties: copy ?? {},
  };
  const keyed = { ...customEvent, idempotency_key: idempotencyKey(event, customEvent) };
  if (copy === undefined || utf8Bytes(JSON.stringify(keyed)) > maxCustomEventBytes) {
    draft.error = tooLarge();
    return;
  }
  draft.others.push({ type: 'send_custom_events', events: [keyed] });
  reportWhatIsLeft(draft, root, properties, keyed.properties);
}

/** Under the root nothing is lost but what is excluded, and what JSON cannot hold. */
function reportWhatIsLeft(draft: Draft, root: string, properties: UnknownRecord, sent: UnknownRecord): void {
  draft.dropped = draft.dropped.filter(({ path }) => !path.startsWith(`${root}.`));
  for (const field of Object.keys(properties)) {
    if (Object.hasOwn(sent, field) || properties[field] === undefined) continue;
    drop(draft, `${root}.${field}`, draft.settings.exclude?.has(field) ? 'excluded' : 'invalid_value');
  }
}

/** OneSignal keeps names that begin with `os.` or `os__` for itself. */
function isName(name: string): boolean {
  return name.trim() !== '' && !/^os(?:\.|__)/.test(name) && Array.from(name).length <= maxNameCharacters;
}

function unusableName(path: string, name: string | undefined): EventError {
  const expected = `a name of 1 to ${maxNameCharacters} characters that does not begin with os. or os__`;
  return new EventError('invalid_event', `the event cannot be a custom event: ${path} must be ${expected}`, [
    { path, expected, received: typeof name },
  ]);
}

function tooLarge(): EventError {
  return new EventError(
    'event_too_large',
    `the event cannot be a custom event: OneSignal takes ${maxCustomEventBytes} bytes; exclude properties, or choose the events by customEvents`,
  );
}
