import { isRecord, type UnknownRecord } from '../record.js';

/** Objects around the fields, as in the body that OneSignal's docs suggest. */
const containers = ['Event Data', 'Message Data', 'User Data'];

/** Names that are neither the dotted one nor its snake-case form. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  // Both of OneSignal's bodies for templates and in-app messages.
  'message.template_id': ['template_id'],
  'message.id': ['iam_id'],
  'message.name': ['iam_name'],
  'event.data.page_name': ['event_page_name', 'page_name'],
  'event.data.page_id': ['event_page_id', 'page_id'],
  'event.data.target_name': ['event_target_name', 'target_name'],
  'event.data.target_id': ['event_target_id', 'target_id'],
  'event.data.failure_reason': ['event_failure_reason', 'failure_reason'],
  'event.data.live_activity_id': ['event_live_activity_id', 'live_activity_id'],
  'event.data.live_activity_type': ['event_live_activity_type', 'live_activity_type'],
};

/** Reads the fields of a body by the names that OneSignal's docs give them, such as `event.data.page_name`. */
export interface FieldReader {
  /** The first value under any spelling of the name that is not blank. */
  read(name: string): unknown;
  /** Whether the body has the field at all, blank or not. */
  has(name: string): boolean;
}

/**
 * Reads bodies of all shapes that templates have: dotted names, flat or in "Event Data" and "Message Data", snake-case
 * names, and nested objects.
 */
export function createFieldReader(body: UnknownRecord): FieldReader {
  const places = [body, ...containers.map((name) => body[name]).filter(isRecord)];
  const valuesOf = (name: string): unknown[] => {
    const path = name.split('.');
    const keys = [name, name.replaceAll('.', '_'), ...(otherNames[name] ?? [])];
    return places
      .flatMap((place) => [...keys.map((key) => place[key]), valueAt(path, place)])
      .filter((value) => value !== undefined && value !== null);
  };
  return {
    read: (name) => valuesOf(name).find((value) => !isBlank(value)),
    has: (name) => valuesOf(name).length > 0,
  };
}

function valueAt(path: readonly string[], place: unknown): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), place);
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
