// Checked by every supported TypeScript in every module mode. The @ts-expect-error lines prove that nothing is `any`.
import {
  ConfigurationError,
  createDestination,
  createOneSignalTransport,
  mapEvent,
  type Outcome,
} from 'segment-onesignal';
import { createBullmqProcessor } from 'segment-onesignal/bullmq';
import { createCloudflareQueueHandler } from 'segment-onesignal/cloudflare-queues';
import { createEventStreamHandler, createSegmentSender, eventToTrack } from 'segment-onesignal/event-stream';
import { createSegmentFunction } from 'segment-onesignal/function';
import { toNodeListener } from 'segment-onesignal/node';
import { createRedisOrderStore, type RedisClient } from 'segment-onesignal/redis';
import { createSandbox } from 'segment-onesignal/sandbox';
import { createSqsHandler } from 'segment-onesignal/sqs';
import { createTransportContract } from 'segment-onesignal/transport-contract';
import { createUndiciTransport } from 'segment-onesignal/undici';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const sandbox = createSandbox({ unknownUsers: 'known' });
const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', transport });

const plan = mapEvent(
  { type: 'track', userId: 'u1', event: 'Plan Changed', properties: { plan: 'pro' } },
  { prefix: 'a_' },
);
export const tags = plan.operations.flatMap((operation) => (operation.type === 'update_user' ? [operation.tags] : []));
// @ts-expect-error: not a status
export const wrong = plan.status === 'delivered';
// @ts-expect-error: not an option
mapEvent({ type: 'identify', userId: 'u1' }, { maping: {} });

export async function settle(events: readonly unknown[]): Promise<string[]> {
  const outcomes = await destination.deliver(events);
  return outcomes.map((outcome: Outcome) => (outcome.status === 'failed' ? outcome.error.message : outcome.status));
}

export const orderOf = (redis: RedisClient) => createRedisOrderStore(redis, { ttlMs: 1_000 });
// @ts-expect-error: not a client
createRedisOrderStore({});

const toSegment = eventToTrack({}, { names: 'spec' });
export const eventName = toSegment.status === 'mapped' ? toSegment.track.event : undefined;
// @ts-expect-error: not a naming scheme
eventToTrack({}, { names: 'segment' });

export function nameOf(thrown: unknown): string | undefined {
  return thrown instanceof ConfigurationError ? thrown.option : undefined;
}

export const handlers = [
  createBullmqProcessor(destination),
  createCloudflareQueueHandler(destination),
  createEventStreamHandler({ segment: createSegmentSender({ writeKey: 'key' }), secrets: ['shh'] }),
  createSegmentFunction().onTrack,
  createSqsHandler(destination),
  createTransportContract,
  createUndiciTransport,
  toNodeListener(createWebhookHandler(destination, { secrets: ['shh'] })),
];
