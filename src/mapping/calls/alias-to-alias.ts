import { isAliasText } from '../../onesignal/alias-text.js';
import { aliasKey } from '../../onesignal/operation-keys.js';
import type { AliasEvent } from '../../segment/event.js';
import { type Draft, drop, recordPath } from '../draft.js';
import type { AliasOptions } from '../options.js';
import { externalIdOf, refusedId } from '../user-id.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * S4, option `alias: { label }`: the user's previous id becomes an alias under your label.
 *
 * A `previousId` that is a placeholder or that OneSignal refuses is dropped with reason `invalid_value`.
 */
export function draftAlias(draft: Draft, event: AliasEvent, { label }: AliasOptions): undefined {
  reportUnreadFields(draft);
  const { previousId } = event;
  const id = externalIdOf(previousId);
  if (id === undefined) return;
  if (refusedId(id) !== undefined || !isAliasText(id)) drop(draft, 'previousId', 'invalid_value');
  else {
    const alias = { label, id };
    draft.others.push({ type: 'add_alias', user: draft.user, alias });
    recordPath(draft, aliasKey(alias), 'previousId');
  }
}
