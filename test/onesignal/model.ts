import type { Alias, Operation } from '../../src/onesignal/operation.js';
import { userOfCustomEvent } from '../../src/onesignal/user-key.js';

interface ModelUser {
  tags: Map<string, string>;
  profile: Record<string, unknown>;
  aliases: Map<string, string>;
  purchases: unknown[];
  events: unknown[];
}

/** A naive model of OneSignal's data. A user exists as soon as something is written to it. */
export interface Model {
  users: Map<string, ModelUser>;
  /** Owner and settings by token. The user who adds a token last owns it. */
  subscriptions: Map<string, { owner: string; settings: unknown }>;
  segments: Map<string, string>;
}

/** Applies operations one by one. */
export function apply(operations: readonly Operation[]): Model {
  const model: Model = { users: new Map(), subscriptions: new Map(), segments: new Map() };
  for (const operation of operations) applyOne(model, operation);
  return model;
}

function userOf({ users }: Model, { label, id }: Alias): ModelUser {
  const key = `${label}:${id}`;
  const user = users.get(key) ?? { tags: new Map(), profile: {}, aliases: new Map(), purchases: [], events: [] };
  users.set(key, user);
  return user;
}

function applyOne(model: Model, operation: Operation): void {
  switch (operation.type) {
    case 'update_user': {
      const user = userOf(model, operation.user);
      for (const [key, value] of Object.entries(operation.tags)) {
        if (value === '') user.tags.delete(key);
        else user.tags.set(key, value);
      }
      Object.assign(user.profile, operation.profile);
      return;
    }
    case 'ensure_segment': {
      const key = JSON.stringify(operation.filters);
      if (!model.segments.has(key)) model.segments.set(key, operation.name);
      return;
    }
    case 'send_custom_events':
      for (const event of operation.events) userOf(model, userOfCustomEvent(event)).events.push(event);
      return;
    case 'add_subscription': {
      const { type, token } = operation.subscription;
      userOf(model, operation.user);
      model.subscriptions.set(`${type}:${token}`, { owner: operation.user.id, settings: operation.subscription });
      return;
    }
    case 'add_alias': {
      const { label, id } = operation.alias;
      userOf(model, operation.user).aliases.set(label, id);
      return;
    }
    case 'add_purchases':
      userOf(model, operation.user).purchases.push(...operation.purchases);
      return;
    case 'delete_user': {
      model.users.delete(`${operation.user.label}:${operation.user.id}`);
      for (const [token, { owner }] of model.subscriptions)
        if (owner === operation.user.id) model.subscriptions.delete(token);
    }
  }
}
