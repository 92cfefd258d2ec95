import type { CustomEvents } from './custom-events/event-queue.js';
import type { PendingInput } from './pending-input.js';
import type { Segments } from './segments.js';

/**
 * Sends what inputs share with other users, segments and custom events: after the input's own writes, and without
 * delaying its user's queue.
 *
 * @internal
 */
export function createFollowUp(segments: Segments, customEvents: CustomEvents): (input: PendingInput) => void {
  return (input) => {
    for (const operation of input.isWanted ? input.plan.operations : []) {
      if (operation.type === 'ensure_segment' && input.hasWrittenTags && !input.lacksSegment) {
        input.begin();
        segments.ensure(operation, input);
      }
      if (operation.type === 'send_custom_events') {
        input.begin();
        customEvents.send(operation, input);
      }
    }
    input.finish();
  };
}
