import type { Profile } from '../onesignal/operation.js';
import { optionsRules } from '../option-rules.js';
import type { TrackEvent } from '../segment/event.js';
import type { MappingOptions } from './options.js';
import { prepareOnce } from './prepare-once.js';
import type { TagOptions } from './tag-options.js';
import { tagRules } from './tag-rules.js';
import { type UserRule, userRuleOf } from './user-of-event.js';

/** How far nested objects are flattened. */
export interface FlattenBounds {
  readonly maxDepth: number;
  readonly maxTags: number;
}

/** S2: which tracks become custom events, and whether they do so instead of becoming tags. */
export interface EventChoice {
  /** Throws an `EventError` if the user's function throws or does not return a boolean. */
  readonly isChosen: (event: TrackEvent) => boolean;
  readonly replacesTags: boolean;
}

/** S3: the profile fields that an option can choose. */
export const profileFields = [
  'language',
  'timezone_id',
  'country',
  'lat',
  'long',
  'first_active',
  'last_active',
] as const;

/** S3: which profile fields are set. */
export interface ProfileChoice {
  readonly fields: ReadonlySet<keyof Profile>;
  /** Whether a value names a time zone. It remembers its answers. */
  readonly isTimeZone: (value: unknown) => value is string;
}

type Prepared =
  | 'user'
  | 'include'
  | 'exclude'
  | 'rename'
  | 'prefix'
  | 'nested'
  | 'dates'
  | 'profile'
  | 'customEvents'
  | 'group';

/** Mapping options, prepared once: sets instead of arrays, and with defaults. */
export interface Settings extends Omit<MappingOptions, Prepared> {
  /** M1, M1a: the user whom an event is about. */
  readonly userOf: UserRule;
  readonly include: ReadonlySet<string> | undefined;
  readonly exclude: ReadonlySet<string> | undefined;
  readonly rename: ReadonlyMap<string, string> | undefined;
  readonly prefix: string;
  /** Absent if nested objects are dropped. */
  readonly flatten: FlattenBounds | undefined;
  readonly dates: 'auto' | ReadonlySet<string> | undefined;
  // Only `mapEvent` sets the rest.
  readonly profile?: ProfileChoice | undefined;
  readonly customEvents?: EventChoice | undefined;
  /** Absent if groups are not mapped. */
  readonly groupPrefix?: string | undefined;
}

/** Made once, or a call without options would repeat the work for every event. */
const defaults = /* @__PURE__ */ prepareTags({});

const checkAndPrepareTags = /* @__PURE__ */ prepareOnce(() => {
  // No suggestion for a misspelled name: the search for one would be a tenth of a bundle of one mapping function.
  const listNames = (_: string, known: readonly string[]) => `Known options: ${known.join(', ')}.`;
  const optionsOf = optionsRules(
    (name, known) => `${listNames(name, known)} Opt-ins such as customEvents belong to mapEvent.`,
  );
  return optionsOf(tagRules(optionsRules(listNames)));
}, prepareTags);

/**
 * Checks and prepares the options of a function that maps one kind of event.
 *
 * @throws {@link ConfigurationError} for the first option that cannot work.
 */
export function tagSettingsOf(options?: TagOptions): Settings {
  return options === undefined ? defaults : checkAndPrepareTags(options);
}

/** Prepares the options about tags. Those that need no work, such as opt-ins, are handed on. */
export function prepareTags(options: TagOptions): Settings {
  const { user, include, exclude, rename, prefix = '', nested, dates } = options;
  return {
    ...options,
    userOf: userRuleOf(user),
    include: include && new Set(include),
    exclude: exclude && new Set(exclude),
    rename: rename && new Map(Object.entries(rename)),
    prefix,
    flatten: boundsOf(nested),
    dates: dates === undefined || dates === 'auto' ? dates : new Set(dates),
  };
}

function boundsOf(nested: TagOptions['nested']): FlattenBounds | undefined {
  if (nested === undefined || nested === 'drop') return undefined;
  const { maxDepth = 3, maxTags = 50 } = nested === 'flatten' ? {} : nested;
  return { maxDepth, maxTags };
}
