import { isRecord, type UnknownRecord } from '../record.js';
import type { SegmentEvent } from './event.js';
import { timeOfDate } from './timestamp.js';

/**
 * Whether an input can be used as it is, without a copy. Checks only the fields that calls of its type are read for.
 *
 * Accepts exactly what the schema in `parse.ts` accepts, at a hundredth of the cost. Nearly every event passes, so the
 * schema is used only to explain what is wrong with the others. Both check a field with the same function.
 */
export function isSegmentEvent(input: unknown): input is SegmentEvent {
  return (
    isRecord(input) &&
    isText(input.messageId) &&
    isId(input.userId) &&
    isId(input.anonymousId) &&
    isTimestamp(input.timestamp) &&
    isText(input.receivedAt) &&
    isFields(input.integrations) &&
    isContext(input.context) &&
    hasFieldsOfItsType(input)
  );
}

/** Whether `context.personas` can be used as it is: the three fields that are read are strings or absent. */
export function isPersonas(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (isRecord(value) &&
      isOptionalString(value.computation_class) &&
      isOptionalString(value.computation_key) &&
      isOptionalString(value.audience_key))
  );
}

/** Whether a `timestamp` has a valid type: a string, a number or a `Date`. It may be unreadable. */
export function isTimestamp(value: unknown): boolean {
  return isId(value) || timeOfDate(value) !== undefined;
}

function hasFieldsOfItsType(input: UnknownRecord): boolean {
  switch (input.type) {
    case 'track':
      return isOptionalString(input.event) && isFields(input.properties) && isFields(input.traits);
    case 'identify':
      return isFields(input.traits);
    case 'page':
    case 'screen':
      return isText(input.name) && isText(input.category) && isFields(input.properties);
    case 'group':
      return isId(input.groupId) && isFields(input.traits);
    case 'alias':
      return isId(input.previousId);
    case 'delete':
      return true;
    case 'other':
      return typeof input.originalType === 'string';
    default:
      return false;
  }
}

/** Whether a `context` can be used as it is. */
export function isContext(value: unknown): boolean {
  return isFields(value) && (!isRecord(value) || isPersonas(value.personas));
}

/** Whether a value can be used as fields. Absent, `null` and `[]` count as an empty object. */
export function isFields(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && !(Array.isArray(value) && value.length > 0))
  );
}

/** A string, a finite number, `null` or absent. */
export function isId(value: unknown): boolean {
  return isText(value) || (typeof value === 'number' && Number.isFinite(value));
}

/** A string, `null` or absent. */
export function isText(value: unknown): boolean {
  return typeof value === 'string' || value === undefined || value === null;
}

export function isOptionalString(value: unknown): boolean {
  return typeof value === 'string' || value === undefined;
}
