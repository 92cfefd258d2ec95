/** The kind of an event in a few words: `identify`, `track Order Completed`. */
export function titleOf(event: unknown): string {
  const { type, event: name, name: view } = fieldsOf(event);
  const words = [type, type === 'track' ? name : view].filter((word) => typeof word === 'string' && word !== '');
  return words.length === 0 ? 'not an event' : words.join(' ');
}

/** The user of an event, as the event names it. */
export function userOf(event: unknown): string {
  const { userId } = fieldsOf(event);
  return typeof userId === 'string' || typeof userId === 'number' ? String(userId) : 'no userId';
}

function fieldsOf(event: unknown): Readonly<Record<string, unknown>> {
  return typeof event === 'object' && event !== null ? Object.fromEntries(Object.entries(event)) : {};
}
