/**
 * Delivers on several machines: receivers store events in Redis, and workers divide the users among themselves.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createFleetReceiver, createFleetWorker } from 'segment-onesignal/fleet';
 *
 * const connection = new Redis('redis://127.0.0.1:6379');
 * const receiver = createFleetReceiver({ connection });
 * await receiver.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * const destination = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' };
 * const worker = createFleetWorker({ connection, destination });
 * process.once('SIGTERM', () => worker.close());
 * await worker.run();
 * ```
 *
 * @module
 */
export {
  type DeadLetter,
  type ReadDeadLettersOptions,
  type RedeliverDeadLettersOptions,
  readDeadLetters,
  redeliverDeadLetters,
} from './dead-letters.js';
export { type FleetMetrics, formatFleetMetrics, readFleetMetrics } from './metrics.js';
export type { FleetNotice, FleetNoticeCode } from './notice.js';
export type { FleetOptions } from './options.js';
export { createFleetReceiver, type FleetReceiverOptions } from './receiver.js';
export { createFleetWorker, type FleetWorker } from './worker.js';
export type { FleetWorkerOptions } from './worker-options.js';
