import { setTimeout as sleep } from 'node:timers/promises';
import type { Alias, OneSignalResponse, Transport } from 'segment-onesignal';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';
import { askOneSignal } from '../settings/ask-onesignal.js';

/** A user as OneSignal shows it. */
export interface StoredUser {
  readonly tags: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly subscriptions: readonly Readonly<Record<string, unknown>>[];
}

const maxAttempts = 5;
/** OneSignal allows one read a second per app. */
export const readIntervalMs = 1_000;

/** Reads a user; `undefined` if OneSignal does not know it. */
export async function readUser(
  transport: Transport,
  appId: string,
  { label, id }: Alias,
  signal: AbortSignal,
): Promise<StoredUser | undefined> {
  const path = `/apps/${appId}/users/by/${encodeURIComponent(label)}/${encodeURIComponent(id)}`;
  for (let attempt = 1; ; attempt++) {
    const response = await askOneSignal(transport, { method: 'GET', path }, 'OneSignal', signal);
    if (response.status === 404) return undefined;
    if (response.status === 200) return userIn(response);
    if (response.status !== 429 || attempt === maxAttempts)
      throw new CommandError(
        `OneSignal answered ${response.status} when a user was read. Run "segment-onesignal check" first.`,
        exitCodes.failed,
      );
    await sleep(readIntervalMs * attempt, undefined, { signal });
  }
}

function userIn({ body }: OneSignalResponse): StoredUser {
  const { properties, subscriptions } = fieldsOf(typeof body === 'string' ? JSON.parse(body) : body);
  const fields = fieldsOf(properties);
  return {
    tags: fieldsOf(fields.tags),
    properties: fields,
    subscriptions: Array.isArray(subscriptions) ? subscriptions.map(fieldsOf) : [],
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(Object(value)));
}
