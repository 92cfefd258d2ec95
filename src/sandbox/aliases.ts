import { isRecord } from '../record.js';
import { invalid, invalidUuid, Refused, structuredError } from './answers.js';
import type { User } from './records.js';
import type { Users } from './users.js';
import { isUuid, lengthOf } from './values.js';

/** docs/onesignal.md 2.5: documentation says 20, OneSignal's own agent reference 10; the smaller is safe in both worlds. */
const MAX_CUSTOM_ALIASES = 10;
/** docs/onesignal.md 2.5: of labels and of ids. */
const MAX_ALIAS_CHARACTERS = 128;
/** docs/onesignal.md 2.5: the placeholders that OneSignal rejects, because whole populations of anonymous visitors would become one user. */
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

/** Checks one name, wherever it stands. */
export function checkAlias(label: string, id: string): void {
  if (label === 'onesignal_id') {
    if (!isUuid(id)) throw invalidUuid(label, id);
  } else if (label === 'external_id') {
    // docs/onesignal.md 2.5: no length is documented for external ids, so none is enforced.
    if (id.trim() === '' || BLOCKED_EXTERNAL_IDS.includes(id))
      throw invalid('external_id is blank or a blocked placeholder');
  } else {
    for (const text of [label, id]) {
      if (text === '' || lengthOf(text) > MAX_ALIAS_CHARACTERS)
        throw invalid(`alias labels and ids have 1 to ${MAX_ALIAS_CHARACTERS} characters`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what docs/onesignal.md 2.5 forbids.
      if (/[/?#&=\s\u0000-\u001f\u007f]|\.\./.test(text))
        throw invalid('alias labels and ids hold no /?#&=, white space, control characters or ".."');
    }
  }
}

/** Reads an `identity` object: label to id. */
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

/** Gives the user these names, all or none. */
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
  // docs/onesignal.md 2.1: what the field sees here is `user-2`, not the documented word.
  if (taken.size > 0)
    throw new Refused(
      structuredError(409, 'user-2', 'One or more Aliases claimed by another User', Object.fromEntries(taken)),
    );
  const custom = new Set([...user.aliases.keys(), ...aliases.keys()]);
  custom.delete('external_id');
  custom.delete('onesignal_id');
  if (custom.size > MAX_CUSTOM_ALIASES) throw invalid(`a user has at most ${MAX_CUSTOM_ALIASES} custom aliases`);
  for (const [label, id] of aliases) if (label !== 'onesignal_id') users.setAlias(user, label, id);
}
