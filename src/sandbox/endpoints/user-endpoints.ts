import { isRecord } from '../../record.js';
import { answerJson, invalid, Refused, structuredError } from '../answers.js';
import { type App, countWrite, viewedUser, writtenUser } from '../app.js';
import type { User } from '../records.js';
import { readNewSubscription, subscriptionBody } from '../subscriptions/subscription-fields.js';
import { addAliases, readIdentity } from '../users/aliases.js';
import { type Properties, readDeltas, readProperties } from '../users/properties.js';
import { applyTags, checkTagLimit } from '../users/tags.js';
import { identityOf } from '../users/users.js';

/** `POST …/users`: creates a user, or changes the one that an alias identifies (docs/onesignal.md 2.1). */
export function createUser(app: App, appId: string, body: unknown): Response {
  if (!isRecord(body)) throw invalid('the body must be an object');
  const identity = readIdentity(body.identity ?? {});
  const properties = readProperties(body.properties);
  const { subscriptions = [] } = body;
  if (!Array.isArray(subscriptions)) throw invalid('subscriptions must be an array');
  const channels = subscriptions.map(readNewSubscription);
  if (identity.size === 0 && channels.length === 0) throw invalid('an identity or a subscription is required');
  const existing = findByIdentity(app, identity);
  const [label = '', id = ''] = namingAlias(identity);
  countWrite(app, existing, label, id);

  // Everything that can refuse comes before the first change, because OneSignal applies all of a request or nothing
  // (docs/onesignal.md 3).
  app.subscriptions.check(existing, channels);
  checkTagLimit(existing?.tags ?? new Map(), properties.tags, app.options.tagLimit);
  const user = existing ?? app.users.create(new Map(), app.options.visibleAfterMs ?? 0);
  try {
    addAliases(app.users, user, identity);
  } catch (refused) {
    if (existing === undefined) app.users.delete(user);
    throw refused;
  }
  change(user, properties);
  for (const channel of channels) app.subscriptions.put(user, channel);
  return answerJson(existing === undefined ? 200 : 202, userBody(user, appId));
}

/** The alias that names a user who does not exist yet: the External ID if there is one. */
function namingAlias(identity: ReadonlyMap<string, string>): readonly string[] {
  const externalId = identity.get('external_id');
  return externalId === undefined ? (identity.entries().next().value ?? []) : ['external_id', externalId];
}

/**
 * Finds the user that the aliases identify, and refuses aliases of different users (docs/onesignal.md 2.1).
 *
 * An External ID that is still free does not rename the user who has the other aliases: it stands for another person.
 */
function findByIdentity(app: App, identity: ReadonlyMap<string, string>): User | undefined {
  const found = new Map<string, User>();
  for (const [label, id] of identity) {
    const user = app.users.find(label, id);
    if (user !== undefined) found.set(label, user);
    else if (label === 'onesignal_id') throw new Refused(structuredError(404, 'user-0', 'User not found'));
  }
  const externalId = identity.get('external_id');
  const [first] = found.values();
  const isOther = (user: User) => {
    const own = user.aliases.get('external_id');
    return user !== first || (externalId !== undefined && own !== undefined && own !== externalId);
  };
  const conflicting = [...found].filter(([, user]) => isOther(user)).map(([label]) => [label, identity.get(label)]);
  if (conflicting.length === 0) return first;
  throw new Refused(
    structuredError(409, 'Conflict', 'Conflicting aliases', { conflicting_aliases: Object.fromEntries(conflicting) }),
  );
}

/** `PATCH …/users/by/{label}/{id}`: merges properties, adds deltas (docs/onesignal.md 2.2). */
export function updateUser(app: App, label: string, id: string, body: unknown): Response {
  if (!isRecord(body)) throw invalid('the body must be an object');
  const properties = readProperties(body.properties);
  const { sessionTime, sessionCount, purchases } = readDeltas(body.deltas);
  const user = writtenUser(app, label, id);
  checkTagLimit(user.tags, properties.tags, app.options.tagLimit);
  change(user, properties);
  user.sessionTime += sessionTime;
  user.sessionCount += sessionCount;
  user.purchases.push(...purchases);
  const echo = { ...properties.profile, ...(purchases.length === 0 ? {} : { purchases }) };
  const tags = properties.tags.size === 0 ? {} : { tags: Object.fromEntries(properties.tags) };
  return answerJson(202, { properties: { ...echo, ...tags } });
}

function change(user: User, { tags, profile }: Properties): void {
  applyTags(user.tags, tags);
  user.profile = { ...user.profile, ...profile };
}

/** `GET …/users/by/{label}/{id}` (docs/onesignal.md 2.3). */
export function viewUserByAlias(app: App, appId: string, label: string, id: string): Response {
  return answerJson(200, userBody(viewedUser(app, label, id), appId));
}

/** `DELETE …/users/by/{label}/{id}`: deletes aliases, subscriptions and properties as well (docs/onesignal.md 2.4). */
export function deleteUser(app: App, label: string, id: string): Response {
  const user = writtenUser(app, label, id);
  for (const subscription of [...user.subscriptions]) app.subscriptions.delete(subscription);
  app.users.delete(user);
  return answerJson(202, { identity: { onesignal_id: user.onesignalId } });
}

function userBody(user: User, appId: string): Record<string, unknown> {
  return {
    identity: identityOf(user),
    properties: { tags: Object.fromEntries(user.tags), ...user.profile },
    subscriptions: [...user.subscriptions].map((subscription) => subscriptionBody(subscription, appId)),
  };
}
