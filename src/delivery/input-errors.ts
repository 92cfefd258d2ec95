import { DeliveryError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import { createRedactor } from '../redact/redactor.js';
import { privateTexts } from './judging/private-texts.js';

/** A warning: the tags were written without the one that makes the user a member of the audience. @internal */
export function membershipNotSet(reason: 'tag_limit' | 'too_many_tags'): DeliveryError {
  const why =
    reason === 'tag_limit'
      ? "the user has as many tags as OneSignal's plan allows"
      : 'the event has more tags than can be sent within the deadline';
  const message = `The audience membership was not set: ${why}.`;
  return new DeliveryError('membership_not_set', message, { operation: 'update_user' });
}

/** Why an input is deferred when its call has no time left. @internal */
export function deadlinePassed(): DeliveryError {
  const message = 'The deadline of the call passed before everything was sent. Deliver the event again.';
  return new DeliveryError('deadline', message);
}

/** Why an input is deferred behind a deletion of its user that is not done. @internal */
export function deletionPending(): DeliveryError {
  const message = 'An earlier deletion of the user is not done. Deliver the event again.';
  return new DeliveryError('unavailable', message, { operation: 'delete_user' });
}

/** Why an input is deferred after an error inside this library. @internal */
export function interrupted(operations: readonly Operation[], thrown: unknown): DeliveryError {
  const message = 'An error inside segment-onesignal interrupted the write (see "cause"). Please report it.';
  const cause = createRedactor(privateTexts(operations)).plainCause(thrown);
  return new DeliveryError('unavailable', message, { cause });
}
