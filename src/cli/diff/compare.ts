import { subscriptionName, type Written } from './expected-users.js';
import type { StoredUser } from './read-user.js';

/** A field that is not as the events should have left it. */
export interface Difference {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

const nothing = '(none)';

/** Compares what events wrote with what OneSignal has. What others wrote is left out. */
export function compareUsers(
  { tags, profile, subscriptions }: Written,
  expected: StoredUser | undefined,
  found: StoredUser | undefined,
): Difference[] {
  if (expected === undefined || found === undefined) {
    if (expected === found) return [];
    const [wanted, is] = [expected, found].map((user) => (user === undefined ? 'no such user' : 'exists'));
    return [{ field: 'user', expected: wanted ?? '', found: is ?? '' }];
  }
  const pairs = [
    ...[...tags].map((key) => [`tag ${key}`, textOf(expected.tags[key]), textOf(found.tags[key])]),
    ...[...profile].map((key) => [key, textOf(expected.properties[key]), textOf(found.properties[key])]),
    ...[...subscriptions].map((name) => [name, stateOf(expected, name), stateOf(found, name)]),
  ];
  return pairs.flatMap(([field = '', wanted = '', is = '']) =>
    wanted === is ? [] : [{ field, expected: wanted, found: is }],
  );
}

function textOf(value: unknown): string {
  return value === undefined || value === null || value === '' ? nothing : JSON.stringify(value);
}

function stateOf({ subscriptions }: StoredUser, name: string): string {
  const found = subscriptions.find((subscription) => subscriptionName(subscription) === name);
  if (found === undefined) return nothing;
  return found.enabled === false ? 'disabled' : 'enabled';
}
