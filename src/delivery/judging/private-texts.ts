import type { Operation } from '../../onesignal/operation.js';
import { textsIn } from '../../redact.js';

/**
 * The texts of an operation that no error may repeat: ids, tokens and values. Names that you chose (keys, labels,
 * segments) may appear.
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
