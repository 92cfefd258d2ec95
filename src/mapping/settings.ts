import type { KeyOptions, MappingOptions } from './options.js';

/** Which nested objects are opened, and how far. */
export interface FlattenBounds {
  readonly maxDepth: number;
  readonly maxTags: number;
}

/**
 * Mapping options made ready once: sets instead of lists, and the defaults that several rules read.
 *
 * The opt-ins stand in it as they were given, for the rules that will read them.
 */
export interface Settings extends Omit<MappingOptions, 'include' | 'exclude' | 'rename' | 'prefix'> {
  readonly include: ReadonlySet<string> | undefined;
  readonly exclude: ReadonlySet<string> | undefined;
  readonly rename: ReadonlyMap<string, string> | undefined;
  readonly prefix: string;
  readonly flatten: FlattenBounds | undefined;
}

/**
 * Makes mapping options ready, so that a destination pays for it once and not per event.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function prepare(mapping: MappingOptions = {}): Settings {
  const { include, exclude, rename, prefix = '', nested } = mapping;
  return {
    ...mapping,
    include: include && new Set(include),
    exclude: exclude && new Set(exclude),
    rename: rename && new Map(Object.entries(rename)),
    prefix,
    flatten: boundsOf(nested),
  };
}

/** Defaults: 3 levels, 50 tags of one trait. */
function boundsOf(nested: KeyOptions['nested']): FlattenBounds | undefined {
  if (nested === undefined || nested === 'drop') return undefined;
  const { maxDepth = 3, maxTags = 50 } = nested === 'flatten' ? {} : nested;
  return { maxDepth, maxTags };
}
