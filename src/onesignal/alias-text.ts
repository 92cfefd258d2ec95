import { maxNameCharacters } from './limits.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: OneSignal refuses control characters.
const refused = /[/?#&=\s\u0000-\u001f\u007f\p{Surrogate}]|\.\./u;

/** What {@link isAliasText} accepts, in words that complete `must be …`. @internal */
export const aliasTextForm = "at most 128 characters long, without white space, '..' or any of /?#&=";

/**
 * Whether a string can be the label or the id of an alias: 1 to 128 characters without white space, control characters,
 * `/?#&=` or `..`.
 *
 * @see {@link https://documentation.onesignal.com/docs/aliases | OneSignal: Aliases}
 * @internal
 */
export function isAliasText(text: string): boolean {
  return text !== '' && text !== '.' && text.length <= maxNameCharacters && !refused.test(text);
}

/**
 * Whether a label is one of OneSignal's own, `external_id` or `onesignal_id`. Setting an alias under one of them would
 * turn the user into another user.
 *
 * @internal
 */
export function isReservedLabel(label: string): boolean {
  return label === 'external_id' || label === 'onesignal_id';
}
