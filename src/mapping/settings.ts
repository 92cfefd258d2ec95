import type { KeyOptions, MappingOptions } from './options.js';

/** Which nested objects are opened, and how far. */
export interface FlattenBounds {
  readonly maxDepth: number;
  readonly maxTags: number;
}

/** Mapping options made ready once: sets instead of lists, defaults filled in. */
export interface Settings {
  readonly include: ReadonlySet<string> | undefined;
  readonly exclude: ReadonlySet<string> | undefined;
  readonly rename: ReadonlyMap<string, string> | undefined;
  readonly prefix: string;
  readonly membershipPrefix: string;
  readonly hook: KeyOptions['tag'];
  readonly flatten: FlattenBounds | undefined;
  readonly tagLimit: number;
  readonly eventName: NonNullable<MappingOptions['eventName']>;
  readonly keepsAudienceProperties: boolean;
  readonly segmentName: MappingOptions['segmentName'];
  readonly allowsLoops: boolean;
  readonly integrationNames: readonly string[] | undefined;
}

/** The official destination's names; which of them is looked at first matters only where they contradict each other. */
const oneSignalNames = ['OneSignal New', 'OneSignal (New)', 'OneSignal'];

/**
 * Makes mapping options ready, so that a destination pays for it once and not per event.
 *
 * The opt-ins of `OptInOptions`, `consent`, `dates` and `customEvents` are read by the rules that implement them.
 */
export function prepare(mapping: MappingOptions = {}): Settings {
  const prefix = mapping.prefix ?? '';
  return {
    include: mapping.include && new Set(mapping.include),
    exclude: mapping.exclude && new Set(mapping.exclude),
    rename: mapping.rename && new Map(Object.entries(mapping.rename)),
    prefix,
    membershipPrefix: mapping.audiencePrefix ?? prefix,
    hook: mapping.tag,
    flatten: boundsOf(mapping.nested),
    tagLimit: mapping.tagLimit ?? Number.POSITIVE_INFINITY,
    eventName: mapping.eventName ?? 'drop',
    keepsAudienceProperties: mapping.audienceProperties === 'tags',
    segmentName: mapping.segmentName,
    allowsLoops: mapping.loops === 'allow',
    integrationNames: integrationNamesOf(mapping.integrations),
  };
}

function boundsOf(nested: KeyOptions['nested']): FlattenBounds | undefined {
  if (nested === undefined || nested === 'drop') return undefined;
  const { maxDepth = 3, maxTags = 50 } = nested === 'flatten' ? {} : nested;
  return { maxDepth, maxTags };
}

function integrationNamesOf(integrations: MappingOptions['integrations']): readonly string[] | undefined {
  if (integrations === undefined || integrations === 'ignore') return undefined;
  return integrations === 'respect' ? oneSignalNames : [integrations.respect, ...oneSignalNames];
}
