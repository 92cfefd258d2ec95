import type { TrackEvent } from '../../segment/event.js';
import type { Settings } from '../settings.js';

/**
 * M3, option `eventName: 'prefix'`: the prefix of each key, `Add_to_Cart_` for `Add to Cart`. `''` without the option.
 */
export function eventNamePrefix(event: TrackEvent, settings: Settings): string {
  const name = nameOf(event);
  return settings.eventName === 'prefix' && name !== undefined ? `${name.trim().replace(/\s+/g, '_')}_` : '';
}

/** M3, option `eventName: { tag }`: the tag with the event name, if the event has a name. */
export function eventNameTag(event: TrackEvent, settings: Settings): { key: string; value: string } | undefined {
  const name = nameOf(event);
  return typeof settings.eventName === 'object' && name !== undefined
    ? { key: settings.eventName.tag, value: name }
    : undefined;
}

function nameOf(event: TrackEvent): string | undefined {
  return typeof event.event === 'string' && event.event.trim() !== '' ? event.event : undefined;
}
