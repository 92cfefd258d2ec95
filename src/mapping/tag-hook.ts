import { EventError, plainCause } from '../errors.js';
import type { SegmentEvent } from '../segment/event.js';
import { isRecord } from '../segment/recognise.js';
import type { KeyOptions, TagValue } from './options.js';

/** A tag's key and value after the hook, both given. */
export interface AppliedChange {
  readonly key: string;
  readonly value: TagValue;
}

/**
 * Option `tag`: what the user's own rule makes of a tag; `null` drops it.
 *
 * Throws an `EventError` `hook_failed`, from which the event's failed plan is made: a hook that throws or answers with
 * something else is broken, and guessing what it meant would send wrong tags.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function applyHook(
  hook: NonNullable<KeyOptions['tag']>,
  key: string,
  value: TagValue,
  event: SegmentEvent,
): AppliedChange | null {
  const change: unknown = callHook('tag', () => hook(key, value, event));
  if (change === null) return null;
  // An async hook answers with a promise, which would pass for a change of nothing.
  if (!isRecord(change) || 'then' in change) throw brokenHook('tag', 'null or an object with key or value', change);
  const { key: newKey = key, value: newValue = value } = change;
  if (typeof newKey !== 'string') throw brokenHook('tag', 'a string as key', newKey);
  if (!isTagValue(newValue)) throw brokenHook('tag', 'a string, number, boolean or null as value', newValue);
  return { key: newKey, value: newValue };
}

/** Calls a hook of the user's; what it throws becomes an `EventError` with a plain cause. */
export function callHook<Answer>(name: string, call: () => Answer): Answer {
  try {
    return call();
  } catch (thrown) {
    throw new EventError('hook_failed', `the hook ${name} threw: make it pure and total`, [], plainCause(thrown));
  }
}

/** A hook answered with something that it must not. */
export function brokenHook(name: string, expected: string, answer: unknown): EventError {
  return new EventError('hook_failed', `the hook ${name} must return ${expected}, but returned ${typeOf(answer)}`);
}

function isTagValue(value: unknown): value is TagValue {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
