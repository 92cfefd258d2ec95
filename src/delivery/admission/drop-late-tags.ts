import type { UpdateUser } from '../../onesignal/operation.js';
import type { PendingInput } from '../pending-input.js';

/** OneSignal's usual time to answer; the interval between two writes counts from the answer. */
const answerMs = 250;

/**
 * Updates of one event leave one user interval apart. Those that cannot be sent before the deadline are dropped (M11),
 * or the event would come back forever.
 */
export function dropTagsWithoutTime(input: PendingInput, deadlineMs: number, userIntervalMs: number): void {
  const updates = input.writes.filter((write): write is UpdateUser => write.type === 'update_user');
  const fitting = 1 + Math.max(0, Math.floor((deadlineMs - answerMs) / (userIntervalMs + answerMs)));
  if (!(updates.length > fitting)) return;
  const keys = new Set(updates.slice(fitting).flatMap(({ tags }) => Object.keys(tags)));
  input.dropForRoom(keys, 'too_many_tags');
  input.removeKeys(keys);
}
