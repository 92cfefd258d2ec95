import { optionsRules } from './option-rules.js';
import { suggestName } from './suggest-name.js';

/**
 * The value must be an object of options, none of them unknown. The message suggests the name that was meant.
 *
 * @internal
 */
export const optionsOf = /* @__PURE__ */ optionsRules(suggestName);

/** Refuses the first option whose name is unknown, with a suggestion. @internal */
export function checkNames(options: object, known: readonly string[]): void {
  optionsOf(Object.fromEntries(known.map((name) => [name, () => {}])))(options, '');
}
