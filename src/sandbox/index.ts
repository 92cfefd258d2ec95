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
 * @module
 */
export type * from './options.js';
export { createSandbox, type Sandbox } from './sandbox.js';
