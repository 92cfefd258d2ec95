import type { Operation } from '../../onesignal/operation.js';
import { userOfCustomEvent } from '../../onesignal/user-key.js';
import type { Secrets } from '../../redact/needles.js';
import { textsIn } from '../../redact/texts-in.js';

/**
 * The texts of operations that no error may repeat: ids and tokens, and values. Names that the library's user chose
 * (keys, labels, segments) may appear.
 *
 * @internal
 */
export function privateTexts(operations: readonly Operation[]): Secrets {
  return {
    ids: new Set(operations.flatMap(idsOf)),
    values: textsIn(operations.map(valuesOf)),
  };
}

function idsOf(operation: Operation): readonly string[] {
  switch (operation.type) {
    case 'ensure_segment':
      return [];
    case 'send_custom_events':
      return operation.events.map((event) => userOfCustomEvent(event).id);
    case 'add_subscription':
      return [operation.user.id, operation.subscription.token];
    case 'add_alias':
      return [operation.user.id, operation.alias.id];
    default:
      return [operation.user.id];
  }
}

function valuesOf(operation: Operation): unknown {
  switch (operation.type) {
    case 'update_user':
      return [operation.tags, operation.profile];
    case 'send_custom_events':
      return operation.events.map(({ properties }) => properties);
    case 'add_purchases':
      return operation.purchases;
    default:
      return undefined;
  }
}
