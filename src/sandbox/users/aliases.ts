import { isUuid } from '../../onesignal/is-uuid.js';
import { isRecord } from '../../record.js';
import { invalid, invalidUuid, Refused, structuredError } from '../answers.js';
import type { User } from '../records.js';
import { lengthOf } from '../values.js';
import type { Users } from './users.js';

/**
 * docs/onesignal.md 2.5: the documentation says 20, OneSignal's agent reference 10. The smaller one is safe under both.
 */
const MAX_CUSTOM_ALIASES = 10;
/** docs/onesignal.md 2.5: for labels as well as ids. */
const MAX_ALIAS_CHARACTERS = 128;
/** docs/onesignal.md 2.5: OneSignal rejects these because they would merge all anonymous visitors into one user. */
const BLOCKED_EXTERNAL_IDS: readonly string[] = [
  'NA',
  'NULL',
  'null',
  'undefined',
  '0',
  '-1',
  'all',
  '00000000-0000-0000-0000-000000000000',
];

/** Refuses an alias that OneSignal would not accept, whether it comes in a path or in a body. */
export function checkAlias(label: string, id: string): void {
  if (label === 'onesignal_id') {
    if (!isUuid(id)) throw invalidUuid(label, id);
  } else if (label === 'external_id') {
    // docs/onesignal.md 2.5: no maximum length is documented for External IDs, so none is enforced.
    if (id.trim() === '' || BLOCKED_EXTERNAL_IDS.includes(id))
      throw invalid('external_id is blank or a blocked placeholder');
  } else {
    for (const text of [label, id]) {
      if (text === '' || lengthOf(text) > MAX_ALIAS_CHARACTERS)
        throw invalid(`alias labels and ids must have 1 to ${MAX_ALIAS_CHARACTERS} characters`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: docs/onesignal.md 2.5 forbids them.
      if (/[/?#&=\s\u0000-\u001f\u007f]|\.\./.test(text))
        throw invalid('alias labels and ids must not contain /?#&=, white space, control characters or ".."');
    }
  }
}

/** Reads an `identity` object, which maps labels to ids. */
export function readIdentity(value: unknown): Map<string, string> {
  if (!isRecord(value)) throw invalid('identity must be an object');
  const aliases = new Map<string, string>();
  for (const [label, id] of Object.entries(value)) {
    if (typeof id !== 'string') throw invalid('identity values must be strings');
    checkAlias(label, id);
    aliases.set(label, id);
  }
  return aliases;
}

/** Adds all aliases to the user, or none. */
export function addAliases(users: Users, user: User, aliases: ReadonlyMap<string, string>): void {
  const taken = new Map<string, string>();
  for (const [label, id] of aliases) {
    if (label === 'onesignal_id') {
      if (id !== user.onesignalId) throw invalid('onesignal_id cannot be changed');
    } else {
      const owner = users.find(label, id);
      if (owner !== undefined && owner !== user) taken.set(label, id);
    }
  }
  // docs/onesignal.md 2.1: the code seen in practice is `user-2`, not the documented one.
  if (taken.size > 0)
    throw new Refused(
      structuredError(409, 'user-2', 'One or more Aliases claimed by another User', Object.fromEntries(taken)),
    );
  const custom = new Set([...user.aliases.keys(), ...aliases.keys()]);
  custom.delete('external_id');
  custom.delete('onesignal_id');
  if (custom.size > MAX_CUSTOM_ALIASES) throw invalid(`a user can have at most ${MAX_CUSTOM_ALIASES} custom aliases`);
  for (const [label, id] of aliases) if (label !== 'onesignal_id') users.setAlias(user, label, id);
}
