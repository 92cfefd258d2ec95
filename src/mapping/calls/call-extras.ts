import type { TrackEvent } from '../../segment/event.js';
import type { Draft } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * M3, S2: adds the custom event of a track, and reports the fields that the event is not read from.
 *
 * @param chosen - The event, if it is to become a custom event.
 * @param lost - The fields that are lost if there cannot be a custom event: none if they became tags as well.
 */
export function addCallExtras(
  draft: Draft,
  { root, fields }: FieldSource,
  chosen: TrackEvent | undefined,
  lost: FieldSource['fields'] = {},
): void {
  reportUnreadFields(draft, root);
  if (chosen === undefined) return;
  draft.optIns?.addCustomEvent(draft, { name: chosen.event, namePath: 'event', properties: fields, root }, lost);
}
