import type { Alias, OneSignalCustomEvent } from './operation.js';

/** Names that an External ID shares with other entries of a store: users under another label, and claims. */
const taken = /^(?:user|subscription|alias)\//;

/**
 * The key of a user in a map. The length of the label keeps `['a b', 'c']` and `['a', 'b c']` apart.
 *
 * @internal
 */
export function userKey({ label, id }: Alias): string {
  return `${label.length} ${label} ${id}`;
}

/**
 * The name of a user in the stores that you pass: the External ID, or `user/customer_id/c1` under another label. Two
 * users never share one, because a label contains no `/`.
 *
 * @internal
 */
export function storeKey({ label, id }: Alias): string {
  return label === 'external_id' && !taken.test(id) ? id : `user/${label}/${id}`;
}

/**
 * The user whom a custom event names.
 *
 * @internal
 */
export function userOfCustomEvent({ external_id, onesignal_id = '' }: OneSignalCustomEvent): Alias {
  return external_id === undefined
    ? { label: 'onesignal_id', id: onesignal_id }
    : { label: 'external_id', id: external_id };
}
