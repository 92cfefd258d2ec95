import { answerJson, structuredError } from './answers.js';
import type { App } from './app.js';
import { isMember } from './members.js';
import type { User } from './records.js';
import { findSegment, type StoredSegment } from './segments.js';

/** docs/onesignal.md 4: the most, and what comes without asking. */
const MAX_LISTED = 300;

/** `GET …/segments?offset=&limit=`: no filters in it, no search (docs/onesignal.md 4). */
export function listSegments(app: App, appId: string, query: URLSearchParams): Response {
  const offset = countOf(query.get('offset'), 0);
  const limit = countOf(query.get('limit'), MAX_LISTED);
  if (offset === undefined || limit === undefined || limit === 0)
    return structuredError(400, 'invalid-request', 'offset and limit must be integers');
  // At most 300, says docs/onesignal.md 4, and not what more than that does; giving fewer than asked for breaks no pager.
  const end = offset + Math.min(limit, MAX_LISTED);
  const segments = [...app.segments.values()].slice(offset, end).map((segment) => ({
    id: segment.id,
    name: segment.name,
    description: segment.description,
    created_at: new Date(segment.createdAt).toISOString(),
    updated_at: new Date(segment.updatedAt).toISOString(),
    app_id: appId,
    read_only: false,
    is_active: true,
  }));
  return answerJson(200, { total_count: app.segments.size, offset, limit: Math.min(limit, MAX_LISTED), segments });
}

function countOf(text: string | null, otherwise: number): number | undefined {
  if (text === null) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `GET …/segments/{id}?include-segment-detail=true` (docs/onesignal.md 4). */
export function viewSegment(app: App, id: string, query: URLSearchParams): Response {
  const segment = findSegment(app.segments, id);
  const body: Record<string, unknown> = { subscriber_count: countSubscribers(app, segment) };
  if (query.get('include-segment-detail') === 'true') {
    const { name, description, createdAt, filters } = segment;
    // Unix seconds here, ISO 8601 in the list (docs/onesignal.md 4).
    const created_at = Math.floor(createdAt / 1000);
    body.payload = { id: segment.id, name, description, created_at, source: 'custom', filters: filters.entries };
  }
  return answerJson(200, body);
}

/** Who is in the segment now: computed on reading, so that writing a tag costs nothing however many segments there are. */
export function membersOf({ users }: App, segment: StoredSegment): User[] {
  return [...users.all()].filter((user) => isMember(user, segment.filters.alternatives));
}

/** OneSignal counts the channels that are subscribed, not the users. */
function countSubscribers(app: App, segment: StoredSegment): number {
  let count = 0;
  for (const user of membersOf(app, segment)) for (const { enabled } of user.subscriptions) if (enabled) count += 1;
  return count;
}
