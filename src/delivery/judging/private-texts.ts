import type { Operation } from '../../onesignal/operation.js';
import { textsIn } from '../../redact.js';

/**
 * What of an operation must not stand in an error, should an answer or a foreign error repeat it: ids, tokens, values. Not the names that the user of the
 * library chose: keys, labels, segments.
 *
 * @internal
 */
export function privateTexts(operation: Operation): Set<string> {
  switch (operation.type) {
    case 'update_user':
      return textsIn([operation.user.id, operation.tags, operation.profile]);
    case 'ensure_segment':
      return new Set();
    case 'send_custom_events':
      return textsIn(operation.events.map(({ external_id, properties }) => [external_id, properties]));
    case 'add_subscription':
      return textsIn([operation.user.id, operation.subscription.token]);
    case 'add_alias':
      return textsIn([operation.user.id, operation.alias.id]);
    case 'add_purchases':
      return textsIn([operation.user.id, operation.purchases]);
    case 'delete_user':
      return textsIn(operation.user.id);
  }
}
