import type { Draft } from './draft.js';

/**
 * S5, option `deleteUsers`: the user is deleted in OneSignal, with all aliases, subscriptions and tags. Cannot be undone.
 *
 * @see {@link https://documentation.onesignal.com/reference/delete-user | OneSignal: Delete user}
 */
export function draftDeletion(draft: Draft): undefined {
  draft.others.push({ type: 'delete_user', user: draft.user });
}
