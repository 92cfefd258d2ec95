import { isRecord } from '../segment/recognise.js';

/**
 * M20: whether the `integrations` object switches OneSignal off; a name of OneSignal's beats `All`.
 *
 * As Segment reads it: `false` is off, `true` and an object of options are on, `null` says nothing.
 *
 * @see {@link https://segment.com/docs/guides/filtering-data/#filtering-with-the-integrations-object | Segment: Filtering with the integrations object}
 */
export function isSwitchedOff(integrations: unknown, names: readonly string[]): boolean {
  if (!isRecord(integrations)) return false;
  const isGiven = (name: string) => Object.hasOwn(integrations, name) && (integrations[name] ?? null) !== null;
  const decisive = [...names, 'All', 'all'].find(isGiven);
  return decisive !== undefined && integrations[decisive] === false;
}
