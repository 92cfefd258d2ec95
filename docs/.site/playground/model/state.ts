/** Everything that a link to the playground carries. */
export interface PlaygroundState {
  /** The JSON of each event, in order of arrival. Text, because a draft need not be JSON yet. */
  readonly events: readonly string[];
  /** Index of the event that is shown. */
  readonly selected: number;
  /** The JSON of the mapping options. */
  readonly mapping: string;
  /** Which users OneSignal has before the first event: every user that an event names, or none. */
  readonly users: UsersAtStart;
}

export type UsersAtStart = 'every' | 'none';

/** More events than this make the page slow, because each step plays all events before it. */
export const maxEvents = 50;

/** Text as the editors show it. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/**
 * Reads a state from elsewhere, such as a link that anybody may have made up.
 *
 * @returns `undefined` if it is not a state. Fields that a state does not have are ignored.
 */
export function readState(value: unknown): PlaygroundState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [events, selected, mapping] = [fields.get('events'), fields.get('selected'), fields.get('mapping')];
  if (!Array.isArray(events) || events.length === 0 || events.length > maxEvents) return undefined;
  if (!events.every((event) => typeof event === 'string') || typeof mapping !== 'string') return undefined;
  const isInRange = typeof selected === 'number' && Number.isInteger(selected) && selected >= 0;
  return {
    events,
    selected: isInRange ? Math.min(selected, events.length - 1) : 0,
    mapping,
    users: fields.get('users') === 'none' ? 'none' : 'every',
  };
}
