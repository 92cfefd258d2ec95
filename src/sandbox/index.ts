/**
 * A OneSignal that runs in memory, for tests, demos and development: it speaks the endpoints that this library uses, keeps users, tags, subscriptions,
 * segments and custom events, keeps OneSignal's limits when told to, and fails when told to.
 *
 * @example
 * ```ts
 * import { createSandbox } from 'segment-onesignal/sandbox';
 *
 * const sandbox = createSandbox({ tagLimit: 2 });
 * sandbox.addUser({ externalId: 'u1' });
 *
 * // As the client's fetch; or in an msw handler; or on a port, by createServer(toNodeListener(sandbox.fetch)).
 * await sandbox.fetch('https://api.onesignal.com/apps/00000000-0000-4000-8000-000000000001/users/by/external_id/u1', {
 *   method: 'PATCH',
 *   body: JSON.stringify({ properties: { tags: { plan: 'pro' } } }),
 * });
 * console.log(sandbox.user('u1')?.tags); // { plan: 'pro' }
 *
 * sandbox.fail({ status: 503, times: 1 }); // the next request is refused
 * ```
 *
 * What OneSignal does, and who says so, is in the repository's `docs/onesignal.md`; comments cite its sections: `docs/onesignal.md 2.6`.
 * Where sources are silent (section 9), the sandbox does what is safe to rely on in both worlds:
 *
 * - A tag value of `null`, an array or an object is a 400; numbers and booleans become text. OneSignal's reserved tag keys are taken.
 * - Removing a tag makes no room in the same request: the cap counts what the user had before.
 * - The 100 updates of a request are its tags and its other properties together.
 * - A segment filter of `!=` or `not_in_array` takes in users without the tag; text is never greater or less than anything.
 * - A segment under a taken name is a 400; a repeated id is a 409 before anything else is looked at but the plan and the filters.
 * - One bad custom event (too long, a reserved name, an id that is no UUID) refuses the whole request with a 400; an unknown user only its event.
 * - A user has at most 10 custom aliases. Segments and custom events have no rate limit. Bodies beyond 4 MB are a 413.
 *
 * @module
 */
export type * from './options.js';
export { createSandbox, type Sandbox } from './sandbox.js';
