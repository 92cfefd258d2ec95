import type { OneSignalRequest, OneSignalResponse, Profile, Purchase, Subscription } from '../../../src/index.js';
import { createSandbox, type SandboxOptions } from '../../../src/sandbox/index.js';
import { appId } from '../destinations.js';

/** A user in the backend, apart from subscriptions and purchases. */
export interface BackendUser {
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly profile: Profile;
}

/** Everything a OneSignal app holds that the model predicts. */
export interface BackendState {
  /** By external id. */
  readonly users: ReadonlyMap<string, BackendUser>;
  readonly subscriptions: readonly { type: Subscription['type']; token: string; owner: string; enabled: boolean }[];
  /** Idempotency keys of the custom events, each once. */
  readonly customEvents: ReadonlySet<string>;
  readonly segments: readonly { key: string; members: readonly string[] }[];
}

/** A OneSignal app to test against. It has no faults and no limits of its own. */
export interface Backend {
  /** Applies a request and answers it. Takes no virtual time. */
  send(request: OneSignalRequest): Promise<OneSignalResponse>;
  /** Whether a request is being applied. */
  isBusy(): boolean;
  addUser(externalId: string, tags: Readonly<Record<string, string>>): void;
  state(): Promise<BackendState>;
}

/** The sandbox as a backend. Like OneSignal it is asked to, it compares email addresses without regard to case. */
export function createSandboxBackend(options: SandboxOptions = {}): Backend {
  const sandbox = createSandbox(options);
  let open = 0;
  const send: Backend['send'] = async ({ method, path, body }) => {
    open++;
    try {
      const response = await sandbox.fetch(`https://api.onesignal.com${path}`, {
        method,
        headers: { authorization: 'Key test', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: lowerCaseAddresses(JSON.stringify(body)) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text };
    } finally {
      open--;
    }
  };
  return {
    send,
    isBusy: () => open > 0,
    addUser: (externalId, tags) => sandbox.addUser({ externalId, tags: { ...tags } }),
    async state() {
      const users = new Map<string, BackendUser>();
      const subscriptions: BackendState['subscriptions'][number][] = [];
      for (const { externalId, tags, aliases, subscriptions: own } of sandbox.users()) {
        users.set(externalId, { tags, aliases, profile: await profileOf(send, externalId) });
        for (const { type, token, enabled = true } of own)
          subscriptions.push({ type, token, owner: externalId, enabled });
      }
      return {
        users,
        subscriptions,
        customEvents: new Set(sandbox.customEvents().flatMap(({ idempotency_key: key }) => key ?? [])),
        segments: sandbox.segments().map(({ filters, members }) => ({ key: filters[0]?.key ?? '', members })),
      };
    },
  };
}

function lowerCaseAddresses(json: string): string {
  return json.replace(/"token":"[^"]*@[^"]*"/g, (match) => match.toLowerCase());
}

/** The sandbox's readers do not show the profile. */
async function profileOf(send: Backend['send'], externalId: string): Promise<Profile> {
  const { body } = await send({ method: 'GET', path: `/apps/${appId}/users/by/external_id/${externalId}` });
  const view: { properties?: Profile & { tags?: unknown } } = JSON.parse(String(body));
  const { tags: _, ...profile } = view.properties ?? {};
  return profile;
}

/** The purchases in a request. */
export function purchasesIn({ body }: OneSignalRequest): readonly Purchase[] {
  const { deltas = {} }: { deltas?: { purchases?: Purchase[] } } = body ?? {};
  return deltas.purchases ?? [];
}
