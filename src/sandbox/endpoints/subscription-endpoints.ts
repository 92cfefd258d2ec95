import { isRecord } from '../../record.js';
import { answerJson, invalid, subscriptionNotFound } from '../answers.js';
import { type App, countWrite, findUserToWrite } from '../app.js';
import type { StoredSubscription } from '../records.js';
import { readNewSubscription, readSubscription, subscriptionBody } from '../subscriptions/subscription-fields.js';
import { addAliases, checkAlias, readIdentity } from '../users/aliases.js';
import { identityOf } from '../users/users.js';

/**
 * `POST …/users/by/{label}/{id}/subscriptions`: 200 if the subscription is new, 202 if it moves here (docs/onesignal.md
 * 2.6).
 */
export function addSubscription(app: App, appId: string, label: string, id: string, body: unknown): Response {
  if (!isRecord(body)) throw invalid('the body must be an object');
  const fields = readNewSubscription(body.subscription);
  checkAlias(label, id);
  countWrite(app, app.users.find(label, id), label, id);
  // docs/onesignal.md 2.6: even a missing user is reported as a missing subscription.
  const user = findUserToWrite(app, label, id);
  if (user === undefined) throw subscriptionNotFound();
  app.subscriptions.check(user, [fields]);
  const { subscription, isNew } = app.subscriptions.put(user, fields);
  return answerJson(isNew ? 200 : 202, { subscription: subscriptionBody(subscription, appId) });
}

/** `PATCH …/subscriptions/{id}` (docs/onesignal.md 2.6). */
export function updateSubscription(app: App, id: string, body: unknown): Response {
  const fields = readSubscription(isRecord(body) ? body.subscription : undefined);
  app.subscriptions.update(written(app, app.subscriptions.byId(id)), fields);
  return answerJson(200, {});
}

/** `PATCH …/subscriptions_by_token/{type}/{token}` (docs/onesignal.md 2.6). */
export function updateSubscriptionByToken(app: App, type: string, token: string, body: unknown): Response {
  const fields = readSubscription(isRecord(body) ? body.subscription : undefined);
  app.subscriptions.update(written(app, app.subscriptions.byToken(type, token)), fields);
  return answerJson(202, {});
}

/** `DELETE …/subscriptions/{id}` (docs/onesignal.md 2.6). */
export function deleteSubscription(app: App, id: string): Response {
  app.subscriptions.delete(written(app, app.subscriptions.byId(id)));
  return answerJson(202, {});
}

/** `PATCH …/subscriptions/{id}/owner`: exactly one alias names the new owner (docs/onesignal.md 2.6). */
export function moveSubscription(app: App, id: string, body: unknown): Response {
  const identity = readIdentity(isRecord(body) ? body.identity : undefined);
  const [alias] = identity;
  if (alias === undefined || identity.size > 1) throw invalid('identity must hold exactly one alias');
  const subscription = written(app, app.subscriptions.byId(id));
  const user = findUserToWrite(app, ...alias);
  if (user === undefined) throw subscriptionNotFound();
  app.subscriptions.move(subscription, user);
  return answerJson(200, { identity: identityOf(user) });
}

/** `GET …/subscriptions/{id}/user/identity` (docs/onesignal.md 2.5). */
export function viewOwner(app: App, id: string): Response {
  app.limits.view();
  const subscription = app.subscriptions.byId(id);
  if (subscription === undefined) throw subscriptionNotFound();
  return answerJson(200, { identity: identityOf(subscription.owner) });
}

/** `PATCH …/subscriptions/{id}/user/identity` (docs/onesignal.md 2.5). */
export function updateOwner(app: App, id: string, body: unknown): Response {
  const identity = readIdentity(isRecord(body) ? body.identity : undefined);
  const { owner } = written(app, app.subscriptions.byId(id));
  addAliases(app.users, owner, identity);
  return answerJson(200, { identity: identityOf(owner) });
}

/** docs/onesignal.md 6: one write per second per user *or subscription*. Both count against the owner. */
function written(app: App, subscription: StoredSubscription | undefined): StoredSubscription {
  if (subscription === undefined) throw subscriptionNotFound();
  countWrite(app, subscription.owner, 'onesignal_id', subscription.owner.onesignalId);
  return subscription;
}
