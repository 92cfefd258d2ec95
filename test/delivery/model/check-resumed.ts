import type { Complain } from './check.js';
import type { Run } from './host.js';
import { isUnseen } from './network.js';
import type { Judged } from './parts.js';

/** Parts of an event that OneSignal was seen to accept are not repeated by its redeliveries (D10). */
export function checkResumed({ exchanges }: Run, judged: readonly Judged[], complain: Complain): void {
  const accepted = exchanges.filter((one) => one.isApplied && !isUnseen(one));
  for (const { event } of judged) {
    const { settledAt = 0 } = event;
    const before = accepted.filter(
      // A repeat may go out in the millisecond in which the event is done.
      ({ arrivedAt = 0 }) => arrivedAt < settledAt || (arrivedAt === settledAt && !event.draft.isRepeated),
    );
    for (const piece of event.pieces) {
      const isShared = judged.some((other) => other.event !== event && other.event.pieces.has(piece));
      if (isShared || !isOnlyOf(event.number, piece)) continue;
      const times = before.filter(({ pieces }) => pieces.includes(piece)).length;
      if (times > 1) complain(`"${piece}" of event ${event.number} was accepted ${times} times before it was done`);
    }
  }
}

/** The number of an event is the value of its tags, unless values are repeated, and the product of its purchases. */
function isOnlyOf(number: number, piece: string): boolean {
  return piece.endsWith(`=${number}`) || piece.endsWith(` purchase s${number}`);
}
