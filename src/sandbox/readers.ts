import type { App } from './app.js';
import type { SandboxSegment, SandboxUser } from './options.js';
import type { User } from './records.js';
import { membersOf } from './segment-views.js';
import { tagFiltersOf } from './segments.js';
import { toSubscription } from './subscription-fields.js';

/** None for a user without an external id: there is nothing to call it by. */
export function toSandboxUser(user: User | undefined): SandboxUser[] {
  const externalId = user?.aliases.get('external_id');
  if (user === undefined || externalId === undefined) return [];
  return [
    {
      externalId,
      tags: Object.fromEntries(user.tags),
      aliases: Object.fromEntries([...user.aliases].filter(([label]) => label !== 'external_id')),
      subscriptions: [...user.subscriptions].flatMap(toSubscription),
    },
  ];
}

/** With their members of this moment. */
export function toSandboxSegments(app: App): SandboxSegment[] {
  return [...app.segments.values()].map((segment) => ({
    id: segment.id,
    name: segment.name,
    filters: tagFiltersOf(segment),
    members: membersOf(app, segment).flatMap((user) => user.aliases.get('external_id') ?? []),
  }));
}
