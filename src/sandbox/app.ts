import type { Clock } from '../clock.js';
import { Refused, structuredError } from './answers.js';
import type { CustomEvents } from './custom-events.js';
import type { SandboxOptions } from './options.js';
import { createRateLimits, type RateLimits } from './rate-limits.js';
import type { User } from './records.js';
import type { Segments } from './segments/segments.js';
import { createSubscriptions, type Subscriptions } from './subscriptions/subscriptions.js';
import { checkAlias } from './users/aliases.js';
import { createUsers, type Users } from './users/users.js';

/** One OneSignal app: everything that the sandbox remembers. */
export interface App {
  readonly options: SandboxOptions;
  readonly clock: Clock;
  readonly users: Users;
  readonly subscriptions: Subscriptions;
  readonly segments: Segments;
  readonly events: CustomEvents;
  readonly limits: RateLimits;
}

export function createApp(options: SandboxOptions, clock: Clock): App {
  const users = createUsers(clock);
  return {
    options,
    clock,
    users,
    subscriptions: createSubscriptions(users, options.subscriptionOverflow),
    segments: new Map(),
    events: { received: [], keys: new Map() },
    limits: options.rateLimits ? createRateLimits(clock) : { write: () => {}, view: () => {} },
  };
}

/** Finds a user, unless it is too new to be visible: OneSignal answers 404 for a while (docs/onesignal.md 2.2). */
function findUser({ users, clock }: App, label: string, id: string): User | undefined {
  const user = users.find(label, id);
  return user !== undefined && user.visibleAt <= clock.now() ? user : undefined;
}

/** Finds a user to write to. With `unknownUsers: 'known'` a missing user is created. */
export function findUserToWrite(app: App, label: string, id: string): User | undefined {
  const user = findUser(app, label, id);
  if (user !== undefined || app.options.unknownUsers !== 'known' || label !== 'external_id') return user;
  // A user that exists but is not visible yet stays invisible.
  return app.users.find(label, id) === undefined ? app.users.create(new Map([[label, id]]), 0) : undefined;
}

/** The user that a request reads. Counts against the rate limit, and refuses unknown users. */
export function viewedUser(app: App, label: string, id: string): User {
  checkAlias(label, id);
  app.limits.view();
  return findUser(app, label, id) ?? refuseUnknown(label, id);
}

/**
 * The user that a request writes to. Refuses unknown users, but counts the write first, because OneSignal evaluates
 * limits when it receives a request (docs/onesignal.md 6).
 */
export function writtenUser(app: App, label: string, id: string): User {
  checkAlias(label, id);
  countWrite(app, app.users.find(label, id), label, id);
  return findUserToWrite(app, label, id) ?? refuseUnknown(label, id);
}

/**
 * Counts a write to a user, or refuses it. The names are those under which the request looks for a user that does not
 * exist yet.
 *
 * A user counts under its External ID as well, so that its creation and its deletion are writes to it too.
 */
export function countWrite({ limits }: App, user: User | undefined, label: string, id: string): void {
  const externalId = user === undefined && label === 'external_id' ? id : user?.aliases.get('external_id');
  const names = externalId === undefined ? [] : [`external_id ${externalId}`];
  if (user !== undefined) names.push(user.onesignalId);
  limits.write(names.length === 0 ? [`${label} ${id}`] : names);
}

/**
 * Only the envelope of this 404 is documented (docs/onesignal.md 7). The text is that of the inbox endpoint in
 * OneSignal's API description.
 */
function refuseUnknown(label: string, id: string): never {
  throw new Refused(structuredError(404, 'user-0', `Given alias \`(${label}: ${id})\` doesn't match an existing user`));
}
