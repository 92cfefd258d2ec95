import type { SegmentEvent } from '../../segment/event.js';
import type { Audience } from '../audience.js';
import type { Settings } from '../settings.js';
import { callHook } from '../tags/tag-hook.js';

/** OneSignal's limit on a segment's name. */
const maxNameCodePoints = 128;

/**
 * M16: how an audience's segment is called: by the option `segmentName`, by `audience_name` (linked audiences carry one),
 * else by the audience's key; cut to 128 code points.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-segments | OneSignal: Create segment, name}
 */
export function segmentNameOf({ key, source }: Audience, event: SegmentEvent, settings: Settings): string {
  const { segmentName } = settings;
  if (segmentName !== undefined) {
    const rule = { name: 'segmentName', expected: 'a string that is not blank', isExpected: isUsable, event };
    return cut(callHook(rule, () => segmentName(key, event)));
  }
  const name = Object.hasOwn(source.fields, 'audience_name') ? source.fields.audience_name : undefined;
  return cut(isUsable(name) ? name : key);
}

function isUsable(name: unknown): name is string {
  return typeof name === 'string' && name.trim() !== '';
}

function cut(name: string): string {
  // Code units first: most names are short, and counting code points copies the text.
  return name.length <= maxNameCodePoints ? name : Array.from(name).slice(0, maxNameCodePoints).join('');
}
