import type { OneSignalRequest, Operation } from '../../../src/index.js';

/**
 * The smallest parts of operations and requests, as strings, such as `u1 tag plan=pro`. Every piece of a request must be
 * a piece of the events that it is sent for.
 */
export function piecesOf(operation: Operation): string[] {
  switch (operation.type) {
    case 'update_user':
      return updatePieces(operation.user.id, operation.tags, operation.profile ?? {});
    case 'add_subscription':
      return [subscriptionPiece(operation.user.id, operation.subscription)];
    case 'add_alias':
      return [`${operation.user.id} alias ${operation.alias.label}=${operation.alias.id}`];
    case 'add_purchases':
      return operation.purchases.map(({ sku }) => `${operation.user.id} purchase ${sku}`);
    case 'delete_user':
      return [`${operation.user.id} delete`];
    case 'ensure_segment':
      return operation.filters.map(({ key }) => `segment ${key}`);
    case 'send_custom_events':
      return operation.events.map(({ idempotency_key: key }) => `custom event ${key}`);
  }
}

/** The user that a request writes to, if it is about one. */
export function writtenUserOf({ method, path, body }: OneSignalRequest): string | undefined {
  if (method === 'GET') return undefined;
  const [, id] = /\/users\/by\/external_id\/([^/]+)/.exec(path) ?? [];
  if (id !== undefined) return decodeURIComponent(id);
  return /\/users$/.test(path) ? read(body).identity?.external_id : undefined;
}

/** The pieces of a request; none for a read. */
export function piecesIn(request: OneSignalRequest): string[] {
  const { method, path } = request;
  const body = read(request.body);
  const user = writtenUserOf(request);
  if (method === 'GET') return [];
  if (path.endsWith('/segments')) return (body.filters ?? []).map(({ key }) => `segment ${key}`);
  if (path.endsWith('/custom_events'))
    return (body.events ?? []).map(({ idempotency_key: key }) => `custom event ${key}`);
  if (user === undefined) throw new Error(`The model does not know the request ${method} ${path}`);
  if (method === 'DELETE') return [`${user} delete`];
  if (path.endsWith('/identity'))
    return Object.entries(body.identity ?? {}).map(([label, id]) => `${user} alias ${label}=${id}`);
  const { tags = {}, ...profile } = body.properties ?? {};
  return [
    ...updatePieces(user, tags, profile),
    ...[...(body.subscriptions ?? []), ...(body.subscription === undefined ? [] : [body.subscription])].map((one) =>
      subscriptionPiece(user, one),
    ),
    ...(body.deltas?.purchases ?? []).map(({ sku }) => `${user} purchase ${sku}`),
  ];
}

interface Body {
  identity?: Record<string, string>;
  properties?: { tags?: Record<string, string> } & Record<string, unknown>;
  subscriptions?: Token[];
  subscription?: Token;
  deltas?: { purchases?: { sku: string }[] };
  filters?: { key: string }[];
  events?: { idempotency_key?: string }[];
}

interface Token {
  type: string;
  token: string;
}

function read(body: unknown): Body {
  return typeof body === 'object' && body !== null ? body : {};
}

function updatePieces(user: string, tags: Readonly<Record<string, string>>, profile: object): string[] {
  return [
    ...Object.entries(tags).map(([key, value]) => `${user} tag ${key}=${value}`),
    ...Object.entries(profile).map(([field, value]) => `${user} profile ${field}=${value}`),
  ];
}

function subscriptionPiece(user: string, { type, token }: Token): string {
  return `${user} subscription ${type} ${token.toLowerCase()}`;
}
