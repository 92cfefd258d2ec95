import type { Profile, Purchase } from '../onesignal/operation.js';

/** A stored user: aliases, tags and profile, and the subscriptions that belong to it. */
export interface User {
  readonly onesignalId: string;
  /** Label to id, `external_id` among them. */
  readonly aliases: Map<string, string>;
  readonly tags: Map<string, string>;
  profile: Profile & { test_user_name?: string };
  sessionCount: number;
  sessionTime: number;
  readonly purchases: Purchase[];
  readonly subscriptions: Set<StoredSubscription>;
  /** Unix ms from which requests find the user. */
  readonly visibleAt: number;
}

/** A stored subscription and its owner. */
export interface StoredSubscription {
  readonly id: string;
  readonly type: string;
  token: string;
  enabled: boolean;
  notificationTypes: number;
  appVersion: string;
  owner: User;
}
