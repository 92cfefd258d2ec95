import { isRecord } from '../../record.js';
import { answerJson, invalid, Refused, structuredError } from '../answers.js';
import { type App, viewedUser, writtenUser } from '../app.js';
import { addAliases, checkAlias, readIdentity } from '../users/aliases.js';
import { identityOf } from '../users/users.js';

/** `GET …/identity` (docs/onesignal.md 2.5). */
export function viewIdentity(app: App, label: string, id: string): Response {
  return answerJson(200, { identity: identityOf(viewedUser(app, label, id)) });
}

/** `PATCH …/identity`: adds and replaces aliases (docs/onesignal.md 2.5). */
export function updateIdentity(app: App, label: string, id: string, body: unknown): Response {
  if (!isRecord(body)) throw invalid('the body must be an object');
  const identity = readIdentity(body.identity);
  const user = writtenUser(app, label, id);
  addAliases(app.users, user, identity);
  return answerJson(200, { identity: identityOf(user) });
}

/** `DELETE …/identity/{label}` (docs/onesignal.md 2.5). */
export function deleteAlias(app: App, label: string, id: string, aliasLabel: string): Response {
  if (aliasLabel === 'onesignal_id') throw invalid('onesignal_id cannot be deleted');
  checkAlias(label, id);
  const user = writtenUser(app, label, id);
  if (!user.aliases.has(aliasLabel)) throw new Refused(structuredError(404, 'user-0', 'Alias not found'));
  app.users.removeAlias(user, aliasLabel);
  return answerJson(200, { identity: identityOf(user) });
}
