import type { UpdateUser } from '../../onesignal/operation.js';
import { viewUserRequest } from '../../onesignal/request.js';
import { recordOf } from '../../record.js';
import { readJson } from '../judging/response.js';
import type { Verdict } from '../judging/verdict.js';
import type { PendingInput } from '../pending-input.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork } from '../shared-work.js';

/** Reads the user of an update from OneSignal, for the inputs that the update is made of. @internal */
export async function viewUser(
  sender: Sender,
  appId: string,
  update: UpdateUser,
  inputs: readonly PendingInput[],
): Promise<Verdict> {
  const work = new SharedWork(inputs);
  const request = viewUserRequest(update.user, appId);
  const verdict = await sender.send({ next: () => ({ operations: [update], request }), view: 'view_user' }, work);
  work.finish();
  return verdict;
}

/** The keys of the tags that a user has, from the body of the response. @internal */
export function tagKeysOf(body: unknown): string[] {
  // A transport may return the body as text.
  const json = readJson(body);
  return Object.keys(recordOf(recordOf(recordOf(json.kind === 'json' ? json.value : undefined).properties).tags));
}
