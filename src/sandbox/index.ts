/**
 * An in-memory OneSignal for tests, demos and development.
 *
 * It implements the endpoints that this library uses and stores users, tags, subscriptions, segments and custom events.
 * It can also enforce OneSignal's limits, simulate faults, send messages, and emit their events to the receiver of an Event
 * Stream.
 *
 * OneSignal's behavior and the sources for it are collected in the repository's `docs/onesignal.md`; comments cite its
 * sections, for example `docs/onesignal.md 2.6`. Where no source is known (section 9), the sandbox behaves in the way
 * that is safest to rely on:
 *
 * - An endpoint of OneSignal's API that the sandbox does not implement is a 501.
 * - A language that OneSignal does not list and a time zone that does not exist are a 400 that refuses the whole
 *   request.
 * - A tag value of `null`, an array or an object is a 400. Numbers and booleans become strings. OneSignal's reserved
 *   tag keys are accepted.
 * - Removing a tag does not free a place for a new one in the same request: the limit applies to the tags the user had
 *   before.
 * - A subscription that exists keeps its state unless a request names one. Email addresses are compared without regard
 *   to case.
 * - Tags and other properties together count toward the 100 updates per request.
 * - The filters `!=` and `not_in_array` match users without the tag. A string that is not a number is never greater or
 *   less than anything.
 * - Creating a segment with a name that exists is a 400. An id that exists is a 409, even if the name exists as well or
 *   the segment limit is reached.
 * - A bad custom event (too large, a reserved name, an idempotency key that is not a UUID) refuses the whole request
 *   with a 400. An unknown user refuses only the user's own events.
 * - A user can have at most 10 custom aliases. Segments and custom events are not rate limited. A body over 4 MB is a
 *   413.
 *
 * @example
 * ```ts
 * import { createSandbox } from 'segment-onesignal/sandbox';
 *
 * const sandbox = createSandbox({ tagLimit: 2 });
 * sandbox.addUser({ externalId: 'u1' });
 *
 * // Pass sandbox.fetch to a client, call it in an msw handler, or serve it with toNodeListener.
 * await sandbox.fetch('https://api.onesignal.com/apps/00000000-0000-4000-8000-000000000001/users/by/external_id/u1', {
 *   method: 'PATCH',
 *   body: JSON.stringify({ properties: { tags: { plan: 'pro' } } }),
 * });
 * console.log(sandbox.user('u1')?.tags); // { plan: 'pro' }
 *
 * sandbox.fail({ status: 503, times: 1 }); // the next request is answered with 503
 * ```
 *
 * @module
 */
export type { EventStreamKind } from '../onesignal/event-kinds.js';
export type * from './event-streams/options.js';
export type { SandboxRequest } from './log.js';
export type * from './options.js';
export type { SandboxSegment, SandboxUser } from './readers.js';
export { createSandbox, type Sandbox } from './sandbox.js';
