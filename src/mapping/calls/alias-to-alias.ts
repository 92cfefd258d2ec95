import { isAliasText, isReservedLabel } from '../../onesignal/alias-text.js';
import { aliasKey } from '../../onesignal/operation-keys.js';
import type { AliasEvent } from '../../segment/event.js';
import { type Draft, drop, recordPath } from '../draft.js';
import type { AliasOptions } from '../options.js';
import { externalIdOf, isBlockedId } from '../user-id.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * S4, option `alias: { label }`: the user's previous id becomes an alias under your label.
 *
 * Dropped: a `previousId` that is a placeholder or that OneSignal refuses (`invalid_value`), and every `previousId` if
 * the label is one of OneSignal's own or that of the user (`reserved_key`), because the user would turn into another
 * user.
 */
export function draftAlias(draft: Draft, event: AliasEvent, { label }: AliasOptions): undefined {
  reportUnreadFields(draft);
  const { previousId } = event;
  const id = externalIdOf(previousId);
  if (id === undefined) return;
  if (isReservedLabel(label) || label === draft.user.label) drop(draft, 'previousId', 'reserved_key');
  else if (isBlockedId(id) || !isAliasText(id)) drop(draft, 'previousId', 'invalid_value');
  else {
    const alias = { label, id };
    draft.others.push({ type: 'add_alias', user: draft.user, alias });
    recordPath(draft, aliasKey(alias), 'previousId');
  }
}
