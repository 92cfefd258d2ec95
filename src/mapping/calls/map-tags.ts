import { EventError } from '../../errors.js';
import type { Operation } from '../../onesignal/operation.js';
import type { Plan } from '../../onesignal/plan.js';
import type { SegmentEvent } from '../../segment/event.js';
import { type DraftRule, planFrom, tagUpdates } from '../build-plan.js';
import type { Draft } from '../draft.js';
import { tagSettingsOf } from '../settings.js';
import type { TagOptions } from '../tag-options.js';

/** The function that maps one kind of event to tags. */
export interface TagMapper {
  readonly name: string;
  /** The types of event that it maps. */
  readonly types: readonly SegmentEvent['type'][];
}

/** Maps an event to tags, if it is of one of the types. Only JavaScript callers can pass another one. */
export function mapTags(
  event: SegmentEvent,
  options: TagOptions | undefined,
  { name, types }: TagMapper,
  fill: DraftRule,
  operationsOf: (draft: Draft) => Operation[] = tagUpdates,
): Plan {
  const fillChecked: DraftRule = (draft) => {
    if (types.includes(event.type)) return fill(draft);
    const expected = types.map((type) => `'${type}'`).join(' or ');
    const message = `${name} needs an event of type ${expected}, in lower case. Call mapEvent for others.`;
    throw new EventError('invalid_event', message, [{ path: 'type', expected, received: typeof event.type }]);
  };
  return planFrom(event, () => tagSettingsOf(options), fillChecked, operationsOf);
}
