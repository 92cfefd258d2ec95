import type { Subscription } from './operation.js';

/**
 * Merges two additions of a subscription. The later fields win, and a later state replaces the earlier one as a whole:
 * `enabled: true` next to the old `notification_types: -31` would contradict itself. The token keeps its first
 * spelling.
 *
 * @internal
 */
export function mergeSubscriptions(earlier: Subscription, later: Subscription): Subscription {
  const { enabled, notification_types, ...stateless } = earlier;
  const hasState = later.enabled !== undefined || later.notification_types !== undefined;
  return { ...(hasState ? stateless : earlier), ...later, token: earlier.token };
}
