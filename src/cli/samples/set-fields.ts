import { CommandError } from '../command-error.js';

/**
 * Returns a copy of an event with fields of `--set` changed: `userId=u1`, `traits.plan=team`, `traits.seats=12`. A path
 * without `=` removes the field.
 */
export function setFields(event: object, assignments: readonly string[]): Record<string, unknown> {
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(event));
  for (const assignment of assignments) setField(copy, assignment);
  return copy;
}

function setField(event: Record<string, unknown>, assignment: string): void {
  const [path = '', ...rest] = assignment.split('=');
  const names = path.split('.');
  const last = names.pop();
  if (last === undefined || path === '' || [...names, last].includes('__proto__'))
    throw new CommandError(`"${assignment}" is not a field. Write --set traits.plan=team.`);
  let target = event;
  for (const name of names) {
    const inner = target[name];
    const next = isFields(inner) ? inner : {};
    target[name] = next;
    target = next;
  }
  if (rest.length === 0) delete target[last];
  else target[last] = readValue(rest.join('='));
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `12`, `true`, `null`, `"12"` and `{"a":1}` are JSON. Everything else is a string. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
