import type { TrackEvent } from '../../segment/event.js';
import type { MappingOptions } from '../options.js';
import { type EventChoice, type ProfileChoice, prepareTags, profileFields, type Settings } from '../settings.js';
import { callHook } from '../user-hook.js';
import { createTimeZoneCheck } from './time-zone.js';

/** Prepares mapping options, so that a destination does this work once and not for every event. */
export function prepare(mapping?: MappingOptions): Settings {
  return mapping === undefined ? defaults : prepareGiven(mapping);
}

/** Made once, or `mapEvent` without options would repeat the work for every event. */
const defaults = /* @__PURE__ */ prepareGiven({});

function prepareGiven(mapping: MappingOptions): Settings {
  const { profile, customEvents, group } = mapping;
  return {
    ...prepareTags(mapping),
    profile: profileOf(profile),
    customEvents: eventChoiceOf(customEvents),
    groupPrefix:
      group === undefined || group === false ? undefined : ((group === true ? {} : group).prefix ?? 'group_'),
  };
}

function profileOf(profile: MappingOptions['profile']): ProfileChoice | undefined {
  if (profile === undefined || profile === false) return undefined;
  return { fields: new Set(profile === true ? profileFields : profile), isTimeZone: createTimeZoneCheck() };
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
