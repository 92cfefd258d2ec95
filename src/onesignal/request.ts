import type {
  AddAlias,
  AddPurchases,
  AddSubscription,
  Alias,
  EnsureSegment,
  Operation,
  SendCustomEvents,
  TagFilter,
  UpdateUser,
} from './operation.js';
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
  const app = appPath(appId);
  switch (operation.type) {
    case 'update_user':
      return { method: 'PATCH', path: app + userPath(operation.user), body: bodyOf.update_user(operation) };
    case 'ensure_segment':
      return { method: 'POST', path: `${app}/segments`, body: bodyOf.ensure_segment(operation, appId) };
    case 'send_custom_events':
      return { method: 'POST', path: `${app}/custom_events`, body: bodyOf.send_custom_events(operation) };
    case 'add_subscription':
      return {
        method: 'POST',
        path: `${app}${userPath(operation.user)}/subscriptions`,
        body: bodyOf.add_subscription(operation),
      };
    case 'add_alias':
      return { method: 'PATCH', path: `${app}${userPath(operation.user)}/identity`, body: bodyOf.add_alias(operation) };
    case 'add_purchases':
      return { method: 'PATCH', path: app + userPath(operation.user), body: bodyOf.add_purchases(operation) };
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
  return { method: 'POST', path: `${appPath(appId)}/users`, body: bodyOf.create_user(operation) };
}

/**
 * The request that reads a user; OneSignal answers one a second per app.
 *
 * @see {@link https://documentation.onesignal.com/reference/view-user | OneSignal: View user}
 * @internal
 */
export function viewUserRequest(user: Alias, appId: string): OneSignalRequest {
  return { method: 'GET', path: appPath(appId) + userPath(user) };
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

/**
 * What each request carries. Their types are held against the models of OneSignal's own client.
 *
 * @see {@link https://github.com/OneSignal/onesignal-node-api | OneSignal's Node client}
 * @internal
 */
export const bodyOf = {
  update_user: (operation: UpdateUser) => ({ properties: propertiesOf(operation) }),
  create_user({ user, tags, ...rest }: UpdateUser) {
    const set = Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
    return { identity: single(user), properties: propertiesOf({ ...rest, tags: set }) };
  },
  ensure_segment: ({ name, filters }: EnsureSegment, appId: string) => ({
    id: segmentId(filters, appId),
    name,
    filters,
  }),
  send_custom_events: ({ events }: SendCustomEvents) => ({ events }),
  add_subscription: ({ subscription }: AddSubscription) => ({ subscription }),
  add_alias: ({ alias }: AddAlias) => ({ identity: single(alias) }),
  add_purchases: ({ purchases }: AddPurchases) => ({ deltas: { purchases } }),
};

function propertiesOf({ tags, profile }: Pick<UpdateUser, 'tags' | 'profile'>) {
  return { ...(Object.keys(tags).length === 0 ? {} : { tags }), ...profile };
}

function appPath(appId: string): string {
  return `/apps/${segmentOfPath(appId)}`;
}

function userPath({ label, id }: Alias): string {
  return `/users/by/${segmentOfPath(label)}/${segmentOfPath(id)}`;
}

function single({ label, id }: Alias): Record<string, string> {
  return Object.fromEntries([[label, id]]);
}

/**
 * A lone surrogate has no UTF-8 form and would make encodeURIComponent throw; nothing, `.` and `..` would make the URL that of something else, even if they were
 * percent-encoded. Mapping blocks such ids, callers of this function may not.
 */
function segmentOfPath(text: string): string {
  return encodeURIComponent(text.replace(/^\.{0,2}$|\p{Cs}/gu, '\uFFFD'));
}
