import { mapEvent, parseEvent } from 'segment-onesignal';
import { CommandError } from '../command-error.js';
import { countText } from '../print/words.js';
import { settledOf, type Tally } from './tally.js';

/** Which events to take, as typed. An event has to match all of them, and one value of each. */
export interface FilterFlags {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly user?: readonly string[] | undefined;
  readonly event?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
}

/**
 * Builds a filter for events as an archive holds them. An event without a readable time is not between two times.
 *
 * @param onRejected - Called for each event that does not match.
 * @throws `CommandError` if a time cannot be read, or if `--until` is not later than `--since`.
 */
export function createFilter(
  { since, until, user, event, type }: FilterFlags,
  onRejected: () => void,
): (event: unknown) => boolean {
  const from = since === undefined ? undefined : timeOf('--since', since);
  const to = until === undefined ? undefined : timeOf('--until', until);
  if (from !== undefined && to !== undefined && from >= to)
    throw new CommandError('--until must be later than --since.');
  const conditions: ((event: Readonly<Record<string, unknown>>) => boolean)[] = [];
  if (type !== undefined) conditions.push((given) => type.includes(String(given.type)));
  if (event !== undefined) conditions.push((given) => given.type === 'track' && event.includes(String(given.event)));
  if (user !== undefined) conditions.push((given) => user.includes(String(given.userId)));
  if (from !== undefined || to !== undefined)
    conditions.push((given) => {
      const at = eventTimeOf(given);
      return at !== undefined && (from === undefined || at >= from) && (to === undefined || at < to);
    });
  return (given) => {
    const isMatch = conditions.every((matches) => matches(Object(given)));
    if (!isMatch) onRejected();
    return isMatch;
  };
}

/** Why a run had no event to work on, or `undefined` if it had one or could not read a line. */
export function whyNoEvents(tally: Tally, { since, until, user, event, type }: FilterFlags): string | undefined {
  if (settledOf(tally) + tally.broken > 0) return undefined;
  if (tally.unmatched === 0) return 'the input has no events';
  const given = Object.entries({ since, until, user, event, type }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  const flags = new Intl.ListFormat('en-GB').format(given);
  return tally.unmatched === 1
    ? `the event does not match ${flags}`
    : `none of the ${countText(tally.unmatched, 'event')} matches ${flags}`;
}

/** The time that delivery orders events by. */
function eventTimeOf(event: unknown): number | undefined {
  const parsed = parseEvent(event);
  const at = parsed.ok ? mapEvent(parsed.event).at : undefined;
  return at === undefined ? undefined : Date.parse(at);
}

function timeOf(flag: string, value: string): number {
  const time = Date.parse(value);
  if (/^\d{4}-\d{2}/.test(value) && !Number.isNaN(time)) return time;
  throw new CommandError(`${flag} must be a date or a time, such as 2026-11-01 or 2026-11-01T12:00:00Z.`);
}
