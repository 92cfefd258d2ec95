import { isAliasText, isReservedLabel } from '../../onesignal/alias-text.js';
import type { AliasEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import type { AliasOptions } from '../options.js';
import { externalIdOf, refusedId } from '../user-id.js';

/**
 * S4, option `alias: { label }`: the id that the user had before becomes an alias under a label of yours.
 *
 * Dropped: a `previousId` that OneSignal refuses, a placeholder such as `null` or one with blanks (`invalid_value`); any under
 * OneSignal's own labels (`reserved_key`), since the user would become another one.
 *
 * @see {@link https://documentation.onesignal.com/docs/aliases | OneSignal: Aliases}
 */
export function draftAlias(draft: Draft, event: AliasEvent, { label }: AliasOptions): undefined {
  const { previousId } = event;
  const id = externalIdOf(previousId);
  if (id === undefined) return;
  if (isReservedLabel(label)) drop(draft, 'previousId', 'reserved_key');
  else if (refusedId(id) !== undefined || !isAliasText(id)) drop(draft, 'previousId', 'invalid_value');
  else draft.others.push({ type: 'add_alias', user: draft.user, alias: { label, id } });
}
