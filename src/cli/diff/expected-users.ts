import {
  type Alias,
  createDestination,
  createOneSignalTransport,
  type MappingOptions,
  type Operation,
  type Transport,
} from 'segment-onesignal';
import { createSandbox } from 'segment-onesignal/sandbox';

/** What events wrote of a user. */
export interface Written {
  readonly user: Alias;
  readonly tags: Set<string>;
  readonly profile: Set<string>;
  /** `Email mira@example.com`. */
  readonly subscriptions: Set<string>;
}

/** Delivers the events of a few users to a OneSignal in memory, which then holds what OneSignal should hold. */
export interface ExpectedUsers {
  add(event: unknown): Promise<void>;
  /** What was written of the user with this id; `undefined` if no event is about it. */
  writtenOf(id: string): Written | undefined;
  readonly transport: Transport;
}

export function createExpectedUsers(
  appId: string,
  mapping: MappingOptions | undefined,
  ids: readonly string[],
): ExpectedUsers {
  const sandbox = createSandbox();
  const transport = createOneSignalTransport({ apiKey: 'sandbox', fetch: sandbox.fetch });
  const destination = createDestination({
    appId,
    transport,
    mapping,
    delivery: { missingUser: 'create', userIntervalMs: 0, requestsPerSecond: Number.POSITIVE_INFINITY },
  });
  const written = new Map<string, Written>();
  return {
    transport,
    writtenOf: (id) => written.get(id),
    async add(event) {
      const [plan] = destination.plan([event]).plans;
      const own = plan.operations.filter((operation) => 'user' in operation && ids.includes(operation.user.id));
      if (own.length === 0) return;
      for (const operation of own) remember(written, operation);
      await destination.deliver([event]);
    },
  };
}

function remember(written: Map<string, Written>, operation: Operation): void {
  if (!('user' in operation)) return;
  const { user } = operation;
  const known = written.get(user.id) ?? { user, tags: new Set(), profile: new Set(), subscriptions: new Set() };
  written.set(user.id, known);
  if (operation.type === 'add_subscription') known.subscriptions.add(subscriptionName(operation.subscription));
  if (operation.type !== 'update_user') return;
  for (const key of Object.keys(operation.tags)) known.tags.add(key);
  for (const key of Object.keys(operation.profile ?? {})) known.profile.add(key);
}

/** How a subscription is named in a difference. */
export function subscriptionName({ type, token }: { readonly type?: unknown; readonly token?: unknown }): string {
  return `${type} ${token}`;
}
