/**
 * Receives events over HTTP, from Segment's webhook destinations and from Segment libraries whose host is your own URL.
 *
 * {@link createWebhookHandler} is a Fetch handler that checks the sender, delivers the events and answers with the
 * outcome of each. {@link sign} creates the signature that Segment sends, for your tests; {@link verify} checks it, for
 * your own receiver.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createDestination } from 'segment-onesignal';
 * import { toNodeListener } from 'segment-onesignal/node';
 * import { createWebhookHandler } from 'segment-onesignal/webhook';
 *
 * const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'os_v2_app_key' });
 * const handler = createWebhookHandler(destination, {
 *   secrets: ['the shared secret of the webhook destination'],
 *   writeKeys: ['a key that you choose, for Segment libraries'],
 * });
 * createServer(toNodeListener(handler)).listen(3000);
 * ```
 *
 * @module
 */
export { createWebhookHandler } from './handler.js';
export type { WebhookHandlerOptions } from './options.js';
export { sign, verify } from './signature.js';
