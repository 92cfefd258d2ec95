import type { Plan } from '../onesignal/plan.js';

/** The id of the user that a plan is about: all its operations are about one user. @internal */
export function userIdOf({ operations }: Plan): string | undefined {
  for (const operation of operations) {
    if (operation.type === 'send_custom_events') return operation.events[0]?.external_id;
    if (operation.type !== 'ensure_segment') return operation.user.id;
  }
  return undefined;
}

/** Whether the event deletes its user. @internal */
export function isDeletion({ operations }: Plan): boolean {
  return operations.some(({ type }) => type === 'delete_user');
}
