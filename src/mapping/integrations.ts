import { isRecord } from '../record.js';
import type { EventOptions } from './options.js';

/** The official destination's names; their order matters only where they contradict each other. */
const oneSignalNames = ['OneSignal New', 'OneSignal (New)', 'OneSignal'];

/**
 * M20: whether the `integrations` object switches OneSignal off, where it is respected; OneSignal's name beats `All`.
 *
 * As Segment reads it: `false` is off, `true` and an object of options are on, `null` says nothing.
 *
 * @see {@link https://segment.com/docs/guides/filtering-data/#filtering-with-the-integrations-object | Segment: Filtering with the integrations object}
 */
export function isSwitchedOff(integrations: unknown, option: EventOptions['integrations']): boolean {
  if (option === undefined || option === 'ignore' || !isRecord(integrations)) return false;
  const own = option === 'respect' ? [] : [option.respect];
  const values = [...own, ...oneSignalNames, 'All', 'all'].map((name) =>
    Object.hasOwn(integrations, name) ? integrations[name] : undefined,
  );
  return values.find((value) => value !== undefined && value !== null) === false;
}
