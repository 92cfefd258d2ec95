import type { Profile } from '../onesignal/operation.js';
import { type EventChoice, eventChoiceOf } from './event-choice.js';
import type { KeyOptions, MappingOptions } from './options.js';

/** Which nested objects are opened, and how far. */
export interface FlattenBounds {
  readonly maxDepth: number;
  readonly maxTags: number;
}

type Prepared = 'include' | 'exclude' | 'rename' | 'prefix' | 'dates' | 'profile' | 'customEvents' | 'group';

/** Mapping options made ready once: sets instead of lists, and the defaults that several rules read. */
export interface Settings extends Omit<MappingOptions, Prepared> {
  readonly include: ReadonlySet<string> | undefined;
  readonly exclude: ReadonlySet<string> | undefined;
  readonly rename: ReadonlyMap<string, string> | undefined;
  readonly prefix: string;
  readonly flatten: FlattenBounds | undefined;
  readonly dates: 'auto' | ReadonlySet<string> | undefined;
  readonly profile: ReadonlySet<keyof Profile> | undefined;
  readonly customEvents: EventChoice | undefined;
  /** What stands before a group's traits; absent where groups are not mapped. */
  readonly groupPrefix: string | undefined;
}

/**
 * Makes mapping options ready, so that a destination pays for it once and not per event.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function prepare(mapping?: MappingOptions): Settings {
  return mapping === undefined ? defaults : prepareGiven(mapping);
}

/** Whoever maps single events by themselves pays for it once. */
const defaults = /* @__PURE__ */ prepareGiven({});

function prepareGiven(mapping: MappingOptions): Settings {
  const { include, exclude, rename, prefix = '', nested, dates, profile, customEvents, group, ...rest } = mapping;
  return {
    ...rest,
    nested,
    include: include && new Set(include),
    exclude: exclude && new Set(exclude),
    rename: rename && new Map(Object.entries(rename)),
    prefix,
    flatten: boundsOf(nested),
    dates: dates === undefined || dates === 'auto' ? dates : new Set(dates),
    profile: profileOf(profile),
    customEvents: eventChoiceOf(customEvents),
    groupPrefix:
      group === undefined || group === false ? undefined : ((group === true ? {} : group).prefix ?? 'group_'),
  };
}

/** Defaults: 3 levels, 50 tags of one trait. */
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
