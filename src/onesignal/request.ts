import type {
  AddAlias,
  AddPurchases,
  AddSubscription,
  Alias,
  EnsureSegment,
  Operation,
  Profile,
  SendCustomEvents,
  TagFilter,
  UpdateUser,
} from './operation.js';
import type { OneSignalRequest } from './transport.js';
import { uuidV5 } from './uuid.js';

/**
 * Turns an operation into an HTTP request. The request holds no secret, but its path and body hold personal data.
 *
 * Shape: `{ method: 'PATCH', path: '/apps/{app}/users/by/external_id/u1', body: { properties: { tags } } }`.
 *
 * Pure. Characters that cannot be part of a URL are replaced.
 *
 * @param operation - Change to make in OneSignal.
 * @param appId - Id of the OneSignal app, a UUID.
 * @throws TypeError if the first argument is not an operation.
 *
 * @example
 * ```ts
 * import { toRequest } from 'segment-onesignal';
 *
 * const user = { label: 'external_id', id: 'u1' };
 * toRequest({ type: 'update_user', user, tags: { plan: 'pro' } }, '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a');
 * // { method: 'PATCH', path: '/apps/7d3c7a1e-…/users/by/external_id/u1', body: { properties: { tags: { plan: 'pro' } } } }
 * ```
 *
 * @see {@link https://documentation.onesignal.com/reference/rest-api-overview | OneSignal: REST API}
 */
export function toRequest(operation: Operation, appId: string): OneSignalRequest {
  const app = appPath(appId);
  switch (operation?.type) {
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
    default:
      throw new TypeError(
        'Expected an operation. Pass each of plan.operations, or of the operations that coalesce returns.',
      );
  }
}

/**
 * The request that creates a user, or updates the one that exists, with tags, profile and all subscriptions at once.
 * Removals of tags are left out: a new user has no tags, and OneSignal documents them for updates only.
 *
 * @param operations - Operations on one user. Only `update_user` and `add_subscription` are read.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-user | OneSignal: Create user}
 * @internal
 */
export function upsertUserRequest(operations: readonly Operation[], appId: string): OneSignalRequest {
  return { method: 'POST', path: `${appPath(appId)}/users`, body: bodyOf.upsert_user(operations) };
}

/**
 * The request that reads a user. OneSignal allows one per second per app.
 *
 * @see {@link https://documentation.onesignal.com/reference/view-user | OneSignal: View user}
 * @internal
 */
export function viewUserRequest(user: Alias, appId: string): OneSignalRequest {
  return { method: 'GET', path: appPath(appId) + userPath(user) };
}

/**
 * The request that reads a segment with its name and filters.
 *
 * @param id - Id of the segment, as {@link segmentId} gives it.
 *
 * @see {@link https://documentation.onesignal.com/reference/view-segment | OneSignal: View segment}
 * @internal
 */
export function viewSegmentRequest(id: string, appId: string): OneSignalRequest {
  return { method: 'GET', path: `${appPath(appId)}/segments/${encodePathPart(id)}?include-segment-detail=true` };
}

/**
 * The id to create a segment under (D3). The same filters in the same app give the same id, so that creating the
 * segment again is a 409, which means that it exists.
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
 * The bodies of requests. A test compares their types with the models of OneSignal's Node client.
 *
 * @see {@link https://github.com/OneSignal/onesignal-node-api | OneSignal's Node client}
 * @internal
 */
export const bodyOf = {
  update_user: (operation: UpdateUser) => ({ properties: propertiesOf(operation) }),
  upsert_user(operations: readonly Operation[]) {
    const user = operations.flatMap((operation) => ('user' in operation ? operation.user : []))[0];
    const updates = operations.filter((operation) => operation.type === 'update_user');
    const subscriptions = operations.flatMap((one) => (one.type === 'add_subscription' ? one.subscription : []));
    const tags = new Map(updates.flatMap((update) => Object.entries(update.tags)));
    const set = Object.fromEntries([...tags].filter(([, value]) => value !== ''));
    const profile: Profile = Object.assign({}, ...updates.map((update) => update.profile));
    return {
      identity: user === undefined ? {} : single(user),
      ...(updates.length === 0 ? {} : { properties: propertiesOf({ tags: set, profile }) }),
      ...(subscriptions.length === 0 ? {} : { subscriptions }),
    };
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
  return `/apps/${encodePathPart(appId)}`;
}

function userPath({ label, id }: Alias): string {
  return `/users/by/${encodePathPart(label)}/${encodePathPart(id)}`;
}

function single({ label, id }: Alias): Record<string, string> {
  return Object.fromEntries([[label, id]]);
}

/**
 * `encodeURIComponent` throws on a lone surrogate, and an empty part, `.` or `..` leads to another resource even if it
 * is percent-encoded. Mapping blocks such ids, but callers of `toRequest` may not.
 */
function encodePathPart(text: string): string {
  // Nearly always: nothing to encode.
  if (/^[\w-]+$/.test(text)) return text;
  return encodeURIComponent(text.replace(/^\.{0,2}$|\p{Cs}/gu, '\uFFFD'));
}
