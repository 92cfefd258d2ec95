import type { EventFields } from '../../segment/event.js';

/** Stands for an object whose fields replace the builder's own fields instead of being added to them. */
export class Exactly {
  /** The fields. */
  readonly fields: Readonly<Record<string, unknown>>;

  /** @internal */
  constructor(fields: Readonly<Record<string, unknown>>) {
    this.fields = fields;
  }
}

/**
 * Replaces all traits, properties or context of an event, where a plain object would be merged into them.
 *
 * @example
 * ```ts
 * import { exactly, identify } from 'segment-onesignal/testing';
 *
 * identify({ traits: { plan: 'team' } }); // the usual traits, with another plan
 * identify({ traits: exactly({ plan: 'team' }) }); // no trait except the plan
 * ```
 */
export function exactly(fields: Readonly<Record<string, unknown>>): Exactly {
  return new Exactly(fields);
}

/**
 * Traits, properties or context to change. Objects are merged at every level, `undefined` removes a field, and arrays
 * and other values replace the builder's. Wrap an object with {@link exactly} to replace everything.
 */
export type FieldOverrides = Readonly<Record<string, unknown>> | readonly unknown[] | Exactly | null | undefined;

/** Fields of any event to change. `undefined` removes a field. */
export interface EventOverrides {
  /** Segment's id of the call. */
  readonly messageId?: EventFields['messageId'] | undefined;
  /** Your id of the user. */
  readonly userId?: EventFields['userId'] | undefined;
  /** Segment's id of a user that is not known yet. */
  readonly anonymousId?: EventFields['anonymousId'] | undefined;
  /** Time of the event. The other times follow it. */
  readonly timestamp?: EventFields['timestamp'] | undefined;
  /** Time by the clock of the sender. */
  readonly originalTimestamp?: string | null | undefined;
  /** Time at which the sender sent the call. */
  readonly sentAt?: string | null | undefined;
  /** Time at which Segment received the call. */
  readonly receivedAt?: string | null | undefined;
  /** Context of the call. */
  readonly context?: FieldOverrides;
  /** Destinations to send the call to. */
  readonly integrations?: FieldOverrides;
  /** Where the call was made: `browser`, `mobile` or `server`. */
  readonly channel?: string | undefined;
}

/** Fields of an identify to change. */
export interface IdentifyOverrides extends EventOverrides {
  /** Traits of the user. */
  readonly traits?: FieldOverrides;
}

/** Fields of a track to change. */
export interface TrackOverrides extends EventOverrides {
  /** Name of the event. */
  readonly event?: string | undefined;
  /** Properties of the event. */
  readonly properties?: FieldOverrides;
  /** Traits of the user, which some tracks of Engage have instead of `properties`. */
  readonly traits?: FieldOverrides;
}

/** Fields of a page or screen view to change. */
export interface ViewOverrides extends EventOverrides {
  /** Name of the page or screen. */
  readonly name?: string | null | undefined;
  /** Category of the page or screen. */
  readonly category?: string | null | undefined;
  /** Properties of the page or screen. */
  readonly properties?: FieldOverrides;
}

/** Fields of a group call to change. */
export interface GroupOverrides extends EventOverrides {
  /** Id of the group. */
  readonly groupId?: string | number | null | undefined;
  /** Traits of the group. */
  readonly traits?: FieldOverrides;
}

/** Fields of an alias call to change. */
export interface AliasOverrides extends EventOverrides {
  /** Id that the user had before. */
  readonly previousId?: string | number | null | undefined;
}

/** Merges overrides into fields, at every level. Neither is changed. @internal */
export function merge(fields: object, overrides: object): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(fields));
  for (const [name, value] of Object.entries(overrides)) {
    const own = merged.get(name);
    if (value === undefined) merged.delete(name);
    else if (value instanceof Exactly) merged.set(name, { ...value.fields });
    else merged.set(name, isPlain(own) && isPlain(value) ? merge(own, value) : value);
  }
  // Defines each field, so that a trait called `__proto__` stays a trait.
  return Object.fromEntries(merged);
}

/** Checked by tag rather than prototype, because test runners create objects in other realms. A `Date` is a value. */
function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
