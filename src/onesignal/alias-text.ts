import { maxNameCharacters } from './limits.js';

/** Labels that OneSignal keeps for itself. */
const reservedLabels = new Set(['external_id', 'onesignal_id']);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what OneSignal refuses.
const refused = /[/?#&=\s\u0000-\u001f\u007f\p{Surrogate}]|\.\./u;

/**
 * Whether a text can be an alias's label or id: 1 to 128 characters, none of `/?#&=`, white space or control characters, no `..`.
 *
 * @see {@link https://documentation.onesignal.com/docs/aliases | OneSignal: Aliases}
 * @internal
 */
export function isAliasText(text: string): boolean {
  return text !== '' && text !== '.' && text.length <= maxNameCharacters && !refused.test(text);
}

/**
 * Whether a label is OneSignal's own, `external_id` or `onesignal_id`: an alias under it would make the user another one.
 *
 * @see {@link https://documentation.onesignal.com/docs/aliases | OneSignal: Aliases}
 * @internal
 */
export function isReservedLabel(label: string): boolean {
  return reservedLabels.has(label);
}
