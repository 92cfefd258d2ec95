import type { Profile } from '../onesignal/operation.js';
import type { TrackEvent } from '../segment/event.js';
import { createTimeZoneCheck } from './opt-ins/time-zone.js';
import type { KeyOptions, MappingOptions } from './options.js';
import { callHook } from './user-hook.js';
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
  readonly profile: ReadonlySet<keyof Profile> | undefined;
  /** S3: whether a value names a time zone. It remembers its answers. */
  readonly isTimeZone: ReturnType<typeof createTimeZoneCheck>;
  readonly customEvents: EventChoice | undefined;
  /** Absent if groups are not mapped. */
  readonly groupPrefix: string | undefined;
}

/** Prepares mapping options, so that a destination does this work once and not for every event. */
export function prepare(mapping?: MappingOptions): Settings {
  return mapping === undefined ? defaults : prepareGiven(mapping);
}

/** Made once, or `mapEvent` without options would repeat the work for every event. */
const defaults = /* @__PURE__ */ prepareGiven({});

function prepareGiven(mapping: MappingOptions): Settings {
  const { user, include, exclude, rename, prefix = '', nested, dates, profile, customEvents, group, ...rest } = mapping;
  return {
    ...rest,
    userOf: userRuleOf(user),
    include: include && new Set(include),
    exclude: exclude && new Set(exclude),
    rename: rename && new Map(Object.entries(rename)),
    prefix,
    flatten: boundsOf(nested),
    dates: dates === undefined || dates === 'auto' ? dates : new Set(dates),
    profile: profileOf(profile),
    isTimeZone: createTimeZoneCheck(),
    customEvents: eventChoiceOf(customEvents),
    groupPrefix:
      group === undefined || group === false ? undefined : ((group === true ? {} : group).prefix ?? 'group_'),
  };
}

function boundsOf(nested: KeyOptions['nested']): FlattenBounds | undefined {
  if (nested === undefined || nested === 'drop') return undefined;
  const { maxDepth = 3, maxTags = 50 } = nested === 'flatten' ? {} : nested;
  return { maxDepth, maxTags };
}

function profileOf(profile: MappingOptions['profile']): Settings['profile'] {
  if (profile === undefined || profile === false) return undefined;
  return new Set(
    profile === true ? ['language', 'timezone_id', 'country', 'lat', 'long', 'first_active', 'last_active'] : profile,
  );
}

function eventChoiceOf(option: MappingOptions['customEvents']): EventChoice | undefined {
  if (option === undefined || option === false) return undefined;
  const { only, tags } = isChoice(option) ? option : { only: option === true ? undefined : option, tags: undefined };
  return { isChosen: choose(only), replacesTags: tags === 'replace' };
}

type Only = readonly string[] | ((event: TrackEvent) => boolean) | undefined;

function choose(only: Only): EventChoice['isChosen'] {
  if (only === undefined) return () => true;
  if (typeof only === 'function')
    return (event) => callHook({ name: 'customEvents', expected: 'a boolean', isExpected }, () => only(event));
  const names = new Set(only);
  return ({ event }) => event !== undefined && names.has(event);
}

function isChoice(
  option: Exclude<MappingOptions['customEvents'], boolean | undefined> | true,
): option is { only?: Only; tags?: 'keep' | 'replace' | undefined } {
  return typeof option === 'object' && !Array.isArray(option);
}

function isExpected(answer: unknown): answer is boolean {
  return typeof answer === 'boolean';
}
