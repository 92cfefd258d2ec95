import type { Alias, Operation, TagFilter, UpdateUser } from './operation.js';
import type { OneSignalRequest } from './transport.js';
import { uuidV5 } from './uuid.js';

/**
 * The HTTP request of an operation. It holds no secret; its path holds a person's id.
 *
 * Shape: `{ method: 'PATCH', path: '/apps/{app}/users/by/external_id/u1', body: { properties: { tags: { plan: 'pro' } } } }`.
 * Pure, and never throws: what cannot stand in a URL is replaced.
 *
 * @param operation - What to do.
 * @param appId - OneSignal's id of the app, a UUID.
 * @see {@link https://documentation.onesignal.com/reference/rest-api-overview | OneSignal: REST API}
 */
export function toRequest(operation: Operation, appId: string): OneSignalRequest {
  const app = `/apps/${segmentOfPath(appId)}`;
  switch (operation.type) {
    case 'update_user':
      return { method: 'PATCH', path: app + userPath(operation.user), body: { properties: propertiesOf(operation) } };
    case 'ensure_segment': {
      const { name, filters } = operation;
      return { method: 'POST', path: `${app}/segments`, body: { id: segmentId(filters, appId), name, filters } };
    }
    case 'send_custom_events':
      return { method: 'POST', path: `${app}/custom_events`, body: { events: operation.events } };
    case 'add_subscription':
      return {
        method: 'POST',
        path: `${app}${userPath(operation.user)}/subscriptions`,
        body: { subscription: operation.subscription },
      };
    case 'add_alias':
      return {
        method: 'PATCH',
        path: `${app}${userPath(operation.user)}/identity`,
        body: { identity: single(operation.alias) },
      };
    case 'add_purchases':
      return {
        method: 'PATCH',
        path: app + userPath(operation.user),
        body: { deltas: { purchases: operation.purchases } },
      };
    case 'delete_user':
      return { method: 'DELETE', path: app + userPath(operation.user) };
  }
}

/**
 * The request that creates a user with the tags and profile of an update; removals have nothing to remove and stay away.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-user | OneSignal: Create user}
 * @internal
 */
export function createUserRequest(operation: UpdateUser, appId: string): OneSignalRequest {
  const tags = Object.fromEntries(Object.entries(operation.tags).filter(([, value]) => value !== ''));
  return {
    method: 'POST',
    path: `/apps/${segmentOfPath(appId)}/users`,
    body: { identity: single(operation.user), properties: propertiesOf({ ...operation, tags }) },
  };
}

/**
 * The request that reads a user; OneSignal answers one a second per app.
 *
 * @see {@link https://documentation.onesignal.com/reference/view-user | OneSignal: View user}
 * @internal
 */
export function viewUserRequest(user: Alias, appId: string): OneSignalRequest {
  return { method: 'GET', path: `/apps/${segmentOfPath(appId)}${userPath(user)}` };
}

/**
 * The id under which a segment is created: the same filters in the same app give the same id, so that a second creation is a 409 that means done.
 *
 * @internal
 */
export function segmentId(filters: readonly TagFilter[], appId: string): string {
  return uuidV5(
    JSON.stringify(filters.map(({ field, key, relation, value }) => ({ field, key, relation, value }))),
    appId,
  );
}

function propertiesOf({ tags, profile }: UpdateUser): object {
  return { ...(Object.keys(tags).length === 0 ? {} : { tags }), ...profile };
}

function userPath({ label, id }: Alias): string {
  return `/users/by/${segmentOfPath(label)}/${segmentOfPath(id)}`;
}

function single({ label, id }: Alias): Record<string, string> {
  return Object.fromEntries([[label, id]]);
}

/** A lone surrogate has no UTF-8 form and would make encodeURIComponent throw; mapping blocks such ids, callers of this function may not. */
function segmentOfPath(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'));
}
