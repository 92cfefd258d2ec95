import type { Subscription } from './operation.js';

/**
 * A subscription that is added twice, as one. The later fields win, and a later state replaces the earlier one as a
 * whole: an `enabled: true` next to the old `notification_types: -31` would contradict itself. The token stays as it
 * came first.
 *
 * @internal
 */
export function mergeSubscriptions(earlier: Subscription, later: Subscription): Subscription {
  const { enabled, notification_types, ...stateless } = earlier;
  const hasState = later.enabled !== undefined || later.notification_types !== undefined;
  return { ...(hasState ? stateless : earlier), ...later, token: earlier.token };
}
