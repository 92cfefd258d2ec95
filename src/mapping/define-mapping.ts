import { refuse } from '../option-rules.js';
import { isRecord } from '../record.js';
import { mappingRule } from './mapping-rules.js';
import type { MappingOptions } from './options.js';
import { constants } from './prepare-once.js';
import type { EventNameTag } from './tag-options.js';

/** Names of the options inside an option, such as `maxDepth`; `never` if it has none. */
type NamesWithin<Value> = Value extends readonly unknown[] | ((...args: never) => unknown) | string
  ? never
  : keyof Value;

/** Refuses the names in an object that are not among the known ones. Anything else is accepted. */
type Refuse<Value, Known> = Value extends readonly unknown[] | ((...args: never) => unknown)
  ? unknown
  : Value extends object
    ? // An empty object type would switch off the compiler's check for options that have no name in common.
      [Exclude<keyof Value, Known>] extends [never]
      ? unknown
      : { readonly [Name in Exclude<keyof Value, Known>]: never }
    : unknown;

/** Refuses to keep the event name where custom events replace the tags. */
type Contradiction<Options> = Options extends { eventName: 'prefix' | EventNameTag; customEvents: { tags: 'replace' } }
  ? { readonly eventName: never }
  : unknown;

/** The parts of {@link ExactMapping}. */
type Exact<Options, Known> = Refuse<Options, keyof Known> & {
  readonly [Name in Exclude<keyof Options & keyof MappingOptions, 'rename'>]?: Refuse<
    Options[Name],
    NamesWithin<NonNullable<MappingOptions[Name]>>
  >;
} & Contradiction<Options>;

/**
 * Gives misspelled and contradictory options the type `never`, so that they do not compile, even in a variable. It does
 * not change the type of valid options.
 */
// Conditional, so that editors and the reference show its name: they would spell an intersection out, in 40 lines.
export type ExactMapping<Options, Known = MappingOptions> = Options extends unknown ? Exact<Options, Known> : never;

/**
 * Checks mapping options and freezes them, for a constant that you pass to `mapEvent`, to `createDestination` or to
 * both.
 *
 * The compiler lets unknown options through if they come from a variable, and a misspelled `exclude` would send data
 * that you meant to keep. Here they do not compile, and JavaScript callers get an error.
 *
 * @param options - The options. They and everything in them are frozen.
 * @returns The same object.
 * @throws {@link ConfigurationError} if an option is invalid or unknown. The message names it and says what to do.
 *
 * @example
 * ```ts
 * import { defineMapping, mapEvent } from 'segment-onesignal';
 *
 * export const mapping = defineMapping({ prefix: 'acme_', exclude: ['ssn'] });
 *
 * mapEvent({ type: 'identify', userId: 'u1', traits: { plan: 'pro', ssn: '078-05-1120' } }, mapping).dropped;
 * // [{ path: 'traits.ssn', reason: 'excluded' }]
 * ```
 */
export function defineMapping<const Options extends MappingOptions>(
  options: MappingOptions & Options & ExactMapping<Options>,
): Options {
  if (options === undefined) refuse('missing', 'options', 'Options are missing. Call defineMapping({ … }).');
  mappingRule()(options, '');
  constants.add(freeze(options));
  return options;
}

function freeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) if (isRecord(inner) || Array.isArray(inner)) freeze(inner);
  return Object.freeze(value);
}
