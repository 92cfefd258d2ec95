import type { Alias, Subscription } from './operation.js';

/**
 * Names a profile field among the keys of tags: `profile/language`.
 *
 * @internal
 */
export function profileKey(field: string): string {
  return `profile/${field}`;
}

/**
 * Names a subscription among the keys of tags: `subscription/SMS/+436641234567`. OneSignal does not tell email
 * addresses apart by case, so neither does the key.
 *
 * @internal
 */
export function subscriptionKey({ type, token }: Pick<Subscription, 'type' | 'token'>): string {
  return `subscription/${type}/${type === 'Email' ? token.toLowerCase() : token}`;
}

/**
 * Names an alias among the keys of tags: `alias/legacy_id`.
 *
 * @internal
 */
export function aliasKey({ label }: Pick<Alias, 'label'>): string {
  return `alias/${label}`;
}

/**
 * Names the purchases of an event among the keys of tags.
 *
 * @internal
 */
export const purchasesKey = 'purchases';
