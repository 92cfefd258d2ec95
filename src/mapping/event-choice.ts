import type { TrackEvent } from '../segment/event.js';
import type { MappingOptions } from './options.js';
import { callHook } from './tags/tag-hook.js';

/** Option `customEvents` made ready: which tracks become custom events, and whether instead of tags. */
export interface EventChoice {
  /** Throws `hook_failed` where your function does not answer with a boolean. */
  readonly isChosen: (event: TrackEvent) => boolean;
  readonly replacesTags: boolean;
}

/**
 * S2, option `customEvents` in all its forms: `true`, names, a function, or `{ only, tags }`.
 *
 * @see {@link https://documentation.onesignal.com/docs/custom-events | OneSignal: Custom events}
 */
export function eventChoiceOf(option: MappingOptions['customEvents']): EventChoice | undefined {
  if (option === undefined || option === false) return undefined;
  const { only, tags } = isChoice(option) ? option : { only: option === true ? undefined : option, tags: undefined };
  return { isChosen: choose(only), replacesTags: tags === 'replace' };
}

type Only = readonly string[] | ((event: TrackEvent) => boolean) | undefined;

function choose(only: Only): EventChoice['isChosen'] {
  if (only === undefined) return () => true;
  if (typeof only === 'function')
    return (event) => callHook({ name: 'customEvents', expected: 'a boolean', isExpected, event }, () => only(event));
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
