import type { Sandbox, SandboxSegment, SandboxUser } from 'segment-onesignal/sandbox';

/** A request as the status page shows it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Absent if the request was not answered. */
  readonly status: number | undefined;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A segment with some of its members. */
export interface ShownSegment extends Pick<SandboxSegment, 'id' | 'name' | 'filters'> {
  readonly members: readonly string[];
  readonly size: number;
}

/** What the status page shows. */
export interface Snapshot {
  readonly counts: Readonly<Record<'users' | 'segments' | 'customEvents' | 'requests', number>>;
  /** The newest first. */
  readonly users: readonly SandboxUser[];
  readonly segments: readonly ShownSegment[];
  /** The newest first. */
  readonly requests: readonly SeenRequest[];
}

const [shownUsers, shownMembers] = [100, 50];

/** @param total - Number of requests so far, of which only the last ones are passed. */
export function takeSnapshot(sandbox: Sandbox, requests: readonly SeenRequest[], total: number): Snapshot {
  const [users, segments] = [sandbox.users(), sandbox.segments()];
  return {
    counts: {
      users: users.length,
      segments: segments.length,
      customEvents: sandbox.customEvents().length,
      requests: total,
    },
    users: users.slice(-shownUsers).toReversed(),
    segments: segments.map(({ id, name, filters, members }) => ({
      id,
      name,
      filters,
      members: members.slice(0, shownMembers),
      size: members.length,
    })),
    requests: requests.toReversed(),
  };
}
