import { answerJson, structuredError } from '../answers.js';
import type { App } from '../app.js';
import type { User } from '../records.js';
import { isMember } from '../segments/members.js';
import { findSegment, type StoredSegment } from '../segments/segments.js';

/** docs/onesignal.md 4: both the maximum and the default of `limit`. */
const MAX_LISTED = 300;

/** `GET …/segments?offset=&limit=`: has no filters and no search (docs/onesignal.md 4). */
export function listSegments(app: App, appId: string, query: URLSearchParams): Response {
  const offset = readCount(query.get('offset'), 0);
  const limit = readCount(query.get('limit'), MAX_LISTED);
  if (offset === undefined || limit === undefined || limit === 0)
    return structuredError(400, 'invalid-request', 'offset and limit must be integers');
  // docs/onesignal.md 4 does not say what happens above 300. Returning fewer than requested does not break paging.
  const end = offset + Math.min(limit, MAX_LISTED);
  const segments = [...app.segments.values()].slice(offset, end).map((segment) => ({
    id: segment.id,
    name: segment.name,
    description: segment.description,
    created_at: new Date(segment.createdAt).toISOString(),
    updated_at: new Date(segment.updatedAt).toISOString(),
    app_id: appId,
    read_only: false,
    is_active: segment.isActive,
  }));
  return answerJson(200, { total_count: app.segments.size, offset, limit: Math.min(limit, MAX_LISTED), segments });
}

function readCount(text: string | null, defaultValue: number): number | undefined {
  if (text === null) return defaultValue;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `GET …/segments/{id}?include-segment-detail=true` (docs/onesignal.md 4). */
export function viewSegment(app: App, id: string, query: URLSearchParams): Response {
  const segment = findSegment(app.segments, id);
  const body: Record<string, unknown> = { subscriber_count: countSubscribers(app, segment) };
  if (query.get('include-segment-detail') === 'true') {
    const { name, description, createdAt, isActive, filters } = segment;
    // Unix seconds here, but ISO 8601 in the list (docs/onesignal.md 4).
    const created_at = Math.floor(createdAt / 1000);
    body.payload = {
      id: segment.id,
      name,
      description,
      created_at,
      source: 'custom',
      is_active: isActive,
      filters: filters.entries,
    };
  }
  return answerJson(200, body);
}

/**
 * The current members. They are computed when read, so that writing a tag costs the same however many segments exist.
 */
export function membersOf({ users, clock }: App, segment: StoredSegment): User[] {
  const now = clock.now();
  return [...users.all()].filter((user) => isMember(user, segment.filters.alternatives, now));
}

/** OneSignal counts enabled subscriptions, not users. */
function countSubscribers(app: App, segment: StoredSegment): number {
  let count = 0;
  for (const user of membersOf(app, segment)) for (const { enabled } of user.subscriptions) if (enabled) count += 1;
  return count;
}
