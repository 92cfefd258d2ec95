import type { Profile, Purchase } from '../onesignal/operation.js';

/** A stored user with its subscriptions. */
export interface User {
  readonly onesignalId: string;
  /** Maps a label to an id, `external_id` included. */
  readonly aliases: Map<string, string>;
  readonly tags: Map<string, string>;
  profile: Profile & { test_user_name?: string };
  sessionCount: number;
  sessionTime: number;
  readonly purchases: Purchase[];
  /** In the order in which the user got them. */
  readonly subscriptions: Set<StoredSubscription>;
  /** Unix milliseconds from which requests find the user. */
  readonly visibleAt: number;
}

/** A subscription's facts about its app and device (docs/onesignal.md 2.6). */
export type DeviceField = 'app_version' | 'device_model' | 'device_os' | 'sdk';

/** A stored subscription and its owner. */
export interface StoredSubscription {
  readonly id: string;
  readonly type: string;
  token: string;
  enabled: boolean;
  notificationTypes: number;
  readonly device: Partial<Record<DeviceField, string>>;
  owner: User;
}
