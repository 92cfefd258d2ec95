import type { OneSignalRequest, OneSignalResponse, Profile, Subscription } from '../../../src/index.js';
import { createStrictOneSignal, type StrictUser, type Treatment } from '../../strict-server/strict-onesignal.js';

/** A user in the backend, apart from subscriptions and purchases. */
export interface BackendUser {
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly profile: Profile;
}

/** The tags that a user has from some time on. */
export interface TagsSince {
  /** Unix milliseconds. */
  readonly at: number;
  readonly keys: ReadonlySet<string>;
}

/** Everything a OneSignal app holds that the model predicts. */
export interface BackendState {
  /** By external id. */
  readonly users: ReadonlyMap<string, BackendUser>;
  readonly subscriptions: readonly { type: Subscription['type']; token: string; owner: string; enabled: boolean }[];
  /** Idempotency keys of the custom events, each once. */
  readonly customEvents: ReadonlySet<string>;
  readonly segments: readonly { key: string }[];
  /** The tags of each user over time, by external id. */
  readonly tagHistory: ReadonlyMap<string, readonly TagsSince[]>;
  /** Things that a correct client never does: invalid requests, broken limits. */
  readonly violations: readonly string[];
}

/** How OneSignal treats a request. Without a fault it is applied. */
export type BackendTreatment = Treatment & { signal: AbortSignal };

/** A OneSignal app to test against. */
export interface Backend {
  /** Applies a request when it arrives, and answers it after the latency. */
  send(request: OneSignalRequest, treatment: BackendTreatment): Promise<OneSignalResponse>;
  addUser(externalId: string, tags: Readonly<Record<string, string>>): void;
  state(): BackendState;
}

export interface BackendOptions {
  /** For how long a new user is not found. */
  visibleAfterMs: number;
  /** Tags that a user may have; `undefined` for any number. */
  tagLimit: number | undefined;
  concurrency: number;
  requestsPerSecond: number;
}

/** A server written independently of the library validates each request, and measures the limits on arrival. */
export function createStrictBackend(options: BackendOptions): Backend {
  const { visibleAfterMs, tagLimit, concurrency, requestsPerSecond } = options;
  const tagHistory = new Map<string, TagsSince[]>();
  const server = createStrictOneSignal({
    concurrency,
    requestsPerSecond,
    freshMs: visibleAfterMs,
    faults: { freshUserHidden: 1 },
    ...(tagLimit === undefined ? {} : { tagLimit }),
  });
  return {
    send: (request, { onApplied, ...treatment }) =>
      server.send(request, {
        ...treatment,
        onApplied() {
          if (request.method !== 'GET') recordTags(tagHistory, server.users(), Date.now());
          onApplied?.();
        },
      }),
    addUser(externalId, tags) {
      server.addUser({ externalId, tags: { ...tags } });
      recordTags(tagHistory, server.users(), Number.NEGATIVE_INFINITY);
    },
    state() {
      const users = new Map<string, BackendUser>();
      const subscriptions: BackendState['subscriptions'][number][] = [];
      for (const { externalId, tags, aliases, profile, subscriptions: own } of server.users()) {
        if (externalId === undefined) continue;
        users.set(externalId, { tags, aliases, profile });
        for (const one of own) subscriptions.push({ ...channelOf(one), owner: externalId });
      }
      return {
        users,
        subscriptions,
        customEvents: new Set(server.events.flatMap(({ idempotency_key: key }) => key ?? [])),
        segments: [...server.segments.values()].map(({ filters }) => ({ key: String(filters[0]?.key) })),
        tagHistory,
        violations: server.violations.map(
          ({ rule, detail, request }) => `${rule}: ${detail} (${request.method} ${request.path})`,
        ),
      };
    },
  };
}

function recordTags(history: Map<string, TagsSince[]>, users: readonly StrictUser[], at: number): void {
  const tags = new Map(users.map((user) => [user.externalId ?? '', Object.keys(user.tags)]));
  for (const id of new Set([...history.keys(), ...tags.keys()])) {
    const known = history.get(id);
    const keys = new Set(tags.get(id));
    const last = known?.at(-1)?.keys;
    if (last?.size === keys.size && [...keys].every((key) => last.has(key))) continue;
    if (known === undefined) history.set(id, [{ at, keys }]);
    else known.push({ at, keys });
  }
}

const channels: readonly Subscription['type'][] = ['Email', 'SMS', 'iOSPush', 'AndroidPush', 'HuaweiPush'];

function channelOf({ type, token, enabled }: StrictUser['subscriptions'][number]) {
  const channel = channels.find((one) => one === type);
  if (channel === undefined) throw new Error(`No event names a subscription of the type ${String(type)}`);
  const text = String(token);
  return { type: channel, token: channel === 'Email' ? text.toLowerCase() : text, enabled: enabled === true };
}
