import { isRecord } from '../../record.js';
import type { SegmentEvent } from '../../segment/event.js';
import type { MappingOptions } from '../options.js';
import type { TagChange, TagValue } from '../tag-options.js';
import { callHook } from '../user-hook.js';
import { isTagValue } from './tag-value.js';

/** Option `tag`: what the user's function changes about a tag. `null` drops the tag. */
export function applyTagHook(
  hook: NonNullable<MappingOptions['tag']>,
  key: string,
  value: TagValue,
  event: SegmentEvent,
): TagChange | null {
  const rule = { name: 'tag', expected: 'null or an object with "key" or "value"', isExpected: isChange };
  return callHook(rule, () => hook(key, value, event));
}

function isChange(answer: unknown): answer is TagChange | null {
  if (answer === null) return true;
  // The promise of an async hook would look like an empty change.
  if (!isRecord(answer) || 'then' in answer) return false;
  const { key = '', value = null } = answer;
  return typeof key === 'string' && isTagValue(value);
}
