import {
  type Answer,
  answer,
  arrayIn,
  basic,
  invalid,
  isJson,
  type Json,
  objectIn,
  Refusal,
  structured,
} from './answers.js';
import {
  type CustomEvent,
  checkAlias,
  isUuid,
  type Properties,
  readCustomEvent,
  readIdentity,
  readNewSubscription,
  readProperties,
  readPurchase,
  readSubscription,
} from './checks.js';
import type { StoredSubscription, User, Users } from './users.js';

/** A segment as the server stores it. */
export interface Segment {
  id: string;
  name: string;
  filters: Json[];
  is_active: boolean;
}

/** A custom event that was accepted. */
export type AcceptedEvent = Pick<CustomEvent, 'name' | 'timestamp' | 'properties' | 'idempotency_key'> & {
  onesignal_id: string;
  external_id: string | undefined;
};

/** Everything that the server stores. */
export interface State {
  readonly users: Users;
  /** By lower-case id. */
  readonly segments: Map<string, Segment>;
  readonly events: AcceptedEvent[];
  /** Idempotency keys, and when each was first used. */
  readonly keys: Map<string, number>;
  readonly tagLimit: number;
  now: number;
  /** Whether this request cannot find recently created users. */
  hidesFreshUsers: boolean;
  readonly freshMs: number;
}

/** Handles requests to an endpoint. `parameters` are those of its path, in order. */
type Handler = (state: State, parameters: string[], body: Json, query: URLSearchParams) => Answer;

interface Endpoint {
  method: string;
  path: RegExp;
  /** `write` and `view` are limited per user and per app; `other` is not. */
  kind: 'write' | 'view' | 'other';
  /** The user names that a write counts for. */
  writes: (state: State, parameters: string[], body: Json) => string[];
  handle: Handler;
}

const endpoints: readonly Endpoint[] = [
  endpoint('POST /users', 'write', writesOfUpsert, upsertUser),
  endpoint('PATCH /users/by/:/:', 'write', writesOfPath, updateUser),
  endpoint('GET /users/by/:/:', 'view', nobody, viewUser),
  endpoint('DELETE /users/by/:/:', 'write', writesOfPath, deleteUser),
  endpoint('GET /users/by/:/:/identity', 'view', nobody, viewIdentity),
  endpoint('PATCH /users/by/:/:/identity', 'write', writesOfPath, updateIdentity),
  endpoint('DELETE /users/by/:/:/identity/:', 'write', writesOfPath, deleteAlias),
  endpoint('POST /users/by/:/:/subscriptions', 'write', writesOfPath, addSubscription),
  endpoint('PATCH /subscriptions/:', 'write', writesOfOwner, updateSubscription),
  endpoint('DELETE /subscriptions/:', 'write', writesOfOwner, deleteSubscription),
  endpoint('PATCH /subscriptions_by_token/:/:', 'write', writesOfToken, updateByToken),
  endpoint('PATCH /subscriptions/:/owner', 'write', writesOfOwner, transfer),
  endpoint('GET /subscriptions/:/user/identity', 'view', nobody, viewOwner),
  endpoint('PATCH /subscriptions/:/user/identity', 'write', writesOfOwner, updateOwner),
  endpoint('POST /segments', 'other', nobody, createSegment),
  endpoint('GET /segments', 'other', nobody, listSegments),
  endpoint('GET /segments/:', 'other', nobody, viewSegment),
  endpoint('PATCH /segments/:', 'other', nobody, updateSegment),
  endpoint('DELETE /segments/:', 'other', nobody, deleteSegment),
  endpoint('POST /custom_events', 'other', nobody, receiveEvents),
];

function endpoint(name: string, kind: Endpoint['kind'], writes: Endpoint['writes'], handle: Handler): Endpoint {
  const [method = '', path = ''] = name.split(' ');
  return { method, path: new RegExp(`^/apps/[^/]+${path.replaceAll(':', '([^/]+)')}$`), kind, writes, handle };
}

/** The endpoint of a request, with the parameters of its path decoded. */
export function findEndpoint(method: string, path: string): (Endpoint & { parameters: string[] }) | undefined {
  for (const candidate of endpoints) {
    const match = candidate.method === method ? candidate.path.exec(path) : null;
    const parameters = match?.slice(1).map(decoded);
    if (parameters?.every((parameter) => parameter !== undefined)) return { ...candidate, parameters };
  }
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

// The users that a write counts for.

function nobody(): string[] {
  return [];
}

/** A user counts under its external id too, so that its creation is a write to it. */
function namesOf(user: User | undefined, label: string, id: string): string[] {
  if (user === undefined) return [`${label} ${id}`];
  const externalId = user.aliases.get('external_id');
  return [user.onesignalId, ...(externalId === undefined ? [] : [`external_id ${externalId}`])];
}

function writesOfPath({ users }: State, [label = '', id = '']: string[]): string[] {
  return namesOf(users.find(label, id), label, id);
}

function writesOfUpsert({ users }: State, _: string[], { identity }: Json): string[] {
  if (!isJson(identity)) return [];
  const aliases = Object.entries(identity).map(([label, id]) => [label, String(id)] as const);
  const user = aliases.map(([label, id]) => users.find(label, id)).find((found) => found !== undefined);
  const [label, id] = aliases.find(([name]) => name === 'external_id') ?? aliases[0] ?? ['', ''];
  return namesOf(user, label, id);
}

function writesOfOwner({ users }: State, [id = '']: string[]): string[] {
  const owner = users.subscription(id)?.owner;
  return owner === undefined ? [] : namesOf(owner, '', '');
}

function writesOfToken({ users }: State, [type = '', token = '']: string[]): string[] {
  const owner = users.byToken(type, token)?.owner;
  return owner === undefined ? [] : namesOf(owner, '', '');
}

// Users.

function upsertUser({ users, now, tagLimit }: State, _: string[], body: Json): Answer {
  const identity = readIdentity(body);
  const properties = readProperties(body);
  const subscriptions = arrayIn(body, 'subscriptions').map(readNewSubscription);
  if (identity.size === 0 && subscriptions.length === 0) throw invalid('an identity or a subscription is required');

  const existing = findByIdentity(users, identity);
  users.checkAliases(existing, identity);
  users.checkSubscriptions(existing, subscriptions);
  checkTagLimit(existing?.tags ?? new Map(), properties.tags, tagLimit);

  const user = existing ?? users.create(now);
  for (const [label, id] of identity) users.setAlias(user, label, id);
  set(user, properties);
  for (const subscription of subscriptions) users.put(user, subscription, now);
  return answer(existing === undefined ? 200 : 202, bodyOf(user));
}

/** Aliases that belong to different users, or to a user with another external id, are a conflict. */
function findByIdentity(users: Users, identity: ReadonlyMap<string, string>): User | undefined {
  const found = new Map<string, User>();
  for (const [label, id] of identity) {
    const user = users.find(label, id);
    if (user !== undefined) found.set(label, user);
  }
  const [user] = found.values();
  const externalId = identity.get('external_id');
  const isAnother = (other: User) => {
    const own = other.aliases.get('external_id');
    return other !== user || (externalId !== undefined && own !== undefined && own !== externalId);
  };
  const conflicts = [...found].filter(([, other]) => isAnother(other)).map(([label]) => [label, identity.get(label)]);
  if (conflicts.length > 0) {
    const meta = { conflicting_aliases: Object.fromEntries(conflicts) };
    throw new Refusal(answer(409, { errors: [{ code: 'Conflict', title: 'Conflicting aliases', meta }] }));
  }
  return user;
}

function updateUser(state: State, [label = '', id = '']: string[], body: Json): Answer {
  const properties = readProperties(body);
  const deltas = objectIn(body, 'deltas');
  const purchases = arrayIn(deltas, 'purchases').map(readPurchase);
  const { session_time: sessionTime = 0, session_count: sessionCount = 0 } = deltas;
  if (!Number.isInteger(sessionTime) || !Number.isInteger(sessionCount)) throw invalid('sessions must be integers');

  const user = existingUser(state, label, id);
  checkTagLimit(user.tags, properties.tags, state.tagLimit);
  set(user, properties);
  user.purchases.push(...purchases);
  user.sessionTime += Number(sessionTime);
  user.sessionCount += Number(sessionCount);
  return answer(202, { properties: objectIn(body, 'properties') });
}

function viewUser(state: State, [label = '', id = '']: string[]): Answer {
  return answer(200, bodyOf(existingUser(state, label, id)));
}

function deleteUser(state: State, [label = '', id = '']: string[]): Answer {
  const user = existingUser(state, label, id);
  state.users.delete(user);
  return answer(202, { identity: { onesignal_id: user.onesignalId } });
}

/** The user that this request finds; 404 if there is none, or none visible yet. */
function findVisible({ users, now, freshMs, hidesFreshUsers }: State, label: string, id: string): User | undefined {
  const user = users.find(label, id);
  return user !== undefined && hidesFreshUsers && now - user.createdAt < freshMs ? undefined : user;
}

function existingUser(state: State, label: string, id: string): User {
  checkAlias(label, id);
  const user = findVisible(state, label, id);
  if (user !== undefined) return user;
  throw new Refusal(structured(404, 'user-0', `Given alias (${label}: ${id}) doesn't match an existing user`));
}

/** The limit counts the user's existing tags before removing any. */
function checkTagLimit(has: ReadonlyMap<string, string>, change: ReadonlyMap<string, string>, limit: number): void {
  const added = [...change].filter(([key, value]) => value !== '' && !has.has(key)).length;
  if (added > 0 && has.size + added > limit)
    throw new Refusal(
      structured(
        409,
        'entitlements-tag-limit',
        "The tags for this user exceed the limit for this organization's plan.",
      ),
    );
}

function set(user: User, { tags, profile }: Properties): void {
  for (const [key, value] of tags) {
    if (value === '') user.tags.delete(key);
    else user.tags.set(key, value);
  }
  for (const [name, value] of Object.entries(profile)) user.profile.set(name, value);
}

function identityOf(user: User): Json {
  return { onesignal_id: user.onesignalId, ...Object.fromEntries(user.aliases) };
}

function bodyOf(user: User): Json {
  return {
    identity: identityOf(user),
    properties: { tags: Object.fromEntries(user.tags), ...Object.fromEntries(user.profile) },
    subscriptions: [...user.subscriptions].map(({ id, type, token, enabled, notification_types, device }) => ({
      ...{ id, type, token, enabled, notification_types, ...device },
    })),
  };
}

// Aliases.

function viewIdentity(state: State, [label = '', id = '']: string[]): Answer {
  return answer(200, { identity: identityOf(existingUser(state, label, id)) });
}

function updateIdentity(state: State, [label = '', id = '']: string[], body: Json): Answer {
  const identity = readIdentity(body);
  return addAliases(state, existingUser(state, label, id), identity);
}

function addAliases({ users }: State, user: User, identity: Map<string, string>): Answer {
  users.checkAliases(user, identity);
  for (const [label, id] of identity) users.setAlias(user, label, id);
  return answer(200, { identity: identityOf(user) });
}

function deleteAlias(state: State, [label = '', id = '', alias = '']: string[]): Answer {
  const user = existingUser(state, label, id);
  if (!user.aliases.has(alias)) throw new Refusal(structured(404, 'user-0', 'Alias not found'));
  state.users.removeAlias(user, alias);
  return answer(200, { identity: identityOf(user) });
}

// Subscriptions.

function addSubscription(state: State, [label = '', id = '']: string[], body: Json): Answer {
  const subscription = readNewSubscription(objectIn(body, 'subscription'));
  checkAlias(label, id);
  const user = findVisible(state, label, id);
  if (user === undefined) throw noSubscription();
  state.users.checkSubscriptions(user, [subscription]);
  return answer(state.users.put(user, subscription, state.now) ? 200 : 202, {});
}

function existingSubscription({ users }: State, id: string): StoredSubscription {
  const subscription = users.subscription(id);
  if (subscription === undefined) throw noSubscription();
  return subscription;
}

/** A missing user of a new subscription is reported in the same way. */
function noSubscription(): Refusal {
  return new Refusal(structured(404, 'subscription-0', 'Subscription not found'));
}

function updateSubscription(state: State, [id = '']: string[], body: Json): Answer {
  state.users.change(existingSubscription(state, id), readSubscription(objectIn(body, 'subscription')));
  return answer(200, {});
}

function updateByToken(state: State, [type = '', token = '']: string[], body: Json): Answer {
  const subscription = state.users.byToken(type, token);
  if (subscription === undefined) throw noSubscription();
  state.users.change(subscription, readSubscription(objectIn(body, 'subscription')));
  return answer(202, {});
}

function deleteSubscription(state: State, [id = '']: string[]): Answer {
  state.users.deleteSubscription(existingSubscription(state, id));
  return answer(202, {});
}

function transfer(state: State, [id = '']: string[], body: Json): Answer {
  const [alias, ...more] = readIdentity(body);
  if (alias === undefined || more.length > 0) throw invalid('identity must hold exactly one alias');
  const subscription = existingSubscription(state, id);
  const user = findVisible(state, ...alias);
  if (user === undefined) throw noSubscription();
  const { type, token, device } = subscription;
  state.users.checkSubscriptions(user, [{ type, token, device }]);
  state.users.move(subscription, user, state.now);
  return answer(200, { identity: identityOf(user) });
}

function viewOwner(state: State, [id = '']: string[]): Answer {
  return answer(200, { identity: identityOf(existingSubscription(state, id).owner) });
}

function updateOwner(state: State, [id = '']: string[], body: Json): Answer {
  return addAliases(state, existingSubscription(state, id).owner, readIdentity(body));
}

// Segments.

function createSegment({ segments }: State, _: string[], body: Json): Answer {
  const { id, name } = body;
  const filters = arrayIn(body, 'filters');
  if (typeof name !== 'string' || name === '' || [...name].length > 128) throw invalid('name has 1 to 128 characters');
  if (filters.length === 0 || filters.length > 200) throw invalid('filters have 1 to 200 entries');
  if (id !== undefined && (typeof id !== 'string' || !isUuid(id))) throw invalid('id must be a UUID');
  const key = id?.toLowerCase() ?? `00000000-0000-4000-9000-${String(segments.size + 1).padStart(12, '0')}`;
  if (segments.has(key)) throw new Refusal(basic(409, 'Segment with the given id already exists.'));
  checkSegmentName(segments, name);
  segments.set(key, { id: id ?? key, name, filters, is_active: true });
  return answer(201, { success: true, id: id ?? key });
}

function checkSegmentName(segments: ReadonlyMap<string, Segment>, name: string): void {
  if ([...segments.values()].some((segment) => segment.name === name))
    throw new Refusal(basic(400, 'Segment name is already taken.'));
}

function existingSegment({ segments }: State, id: string): Segment {
  const segment = segments.get(id.toLowerCase());
  if (segment === undefined) throw new Refusal(basic(404, 'segment not found'));
  return segment;
}

function listSegments({ segments }: State, _: string[], __: Json, query: URLSearchParams): Answer {
  const offset = Number(query.get('offset') ?? 0);
  const limit = Math.min(Number(query.get('limit') ?? 300), 300);
  if (!Number.isInteger(offset) || !Number.isInteger(limit)) throw invalid('offset and limit must be integers');
  const page = [...segments.values()].slice(offset, offset + limit);
  return answer(200, {
    ...{ total_count: segments.size, offset, limit },
    segments: page.map(({ id, name, is_active }) => ({ id, name, is_active, read_only: false })),
  });
}

function viewSegment(state: State, [id = '']: string[], _: Json, query: URLSearchParams): Answer {
  const segment = existingSegment(state, id);
  const detail = query.get('include-segment-detail') === 'true';
  return answer(200, { subscriber_count: 0, ...(detail ? { payload: { ...segment, source: 'custom' } } : {}) });
}

function updateSegment(state: State, [id = '']: string[], body: Json): Answer {
  const { name } = body;
  if (typeof name !== 'string' || name === '') throw invalid('name is required');
  const segment = existingSegment(state, id);
  if (name !== segment.name) checkSegmentName(state.segments, name);
  segment.name = name;
  if (body.filters !== undefined) segment.filters = arrayIn(body, 'filters');
  return answer(200, { success: true, id: segment.id });
}

function deleteSegment(state: State, [id = '']: string[]): Answer {
  const isDeleted = state.segments.delete(id.toLowerCase());
  return answer(isDeleted ? 200 : 404, { success: isDeleted });
}

// Custom events.

function receiveEvents(state: State, _: string[], body: Json): Answer {
  const list = arrayIn(body, 'events');
  if (list.length === 0) throw invalid('events must not be empty');
  if (Buffer.byteLength(JSON.stringify(body)) > 1_000_000) throw invalid('a request has at most 1 MB');
  const errors: Json[] = [];
  for (const event of list.map(readCustomEvent)) {
    const { name, label, id, timestamp, properties, idempotency_key } = event;
    const user = findVisible(state, label, id);
    if (user === undefined) {
      errors.push({
        event_user_id: id,
        ...(typeof properties.event_id === 'string' ? { event_id: properties.event_id } : {}),
        error: { code: 'not found', title: `failed to find a onesignal_id for user_id ${id}` },
      });
    } else if (isNewKey(state, idempotency_key)) {
      const onesignal_id = user.onesignalId;
      const external_id = user.aliases.get('external_id');
      state.events.push({ name, timestamp, properties, idempotency_key, onesignal_id, external_id });
    }
  }
  return answer(202, errors.length === 0 ? {} : { errors });
}

/** A key counts for four hours. */
function isNewKey({ keys, now }: State, key: string | undefined): boolean {
  if (key === undefined) return true;
  const first = keys.get(key);
  if (first !== undefined && now - first < 4 * 3_600_000) return false;
  keys.set(key, now);
  return true;
}
