import type { Job } from 'bullmq';
import { expectTypeOf, test } from 'vitest';
import type { BullmqJob } from '../../src/queue/bullmq.js';
import type { CloudflareBatch } from '../../src/queue/cloudflare-queues.js';
import type { SqsEvent } from '../../src/queue/sqs.js';

test('every BullMQ Job is a BullmqJob', () => {
  expectTypeOf<Job>().toExtend<BullmqJob>();
  expectTypeOf<Job<{ type: string }>>().toExtend<BullmqJob>();
});

/** Copied from @types/aws-lambda. */
interface SQSRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: SQSRecordAttributes;
  awsRegion: string;
}
interface SQSRecordAttributes {
  AWSTraceHeader?: string | undefined;
  ApproximateReceiveCount: string;
  MessageGroupId?: string | undefined;
}

test('every SQSEvent of Lambda is an SqsEvent, for standard queues too', () => {
  expectTypeOf<{ Records: SQSRecord[] }>().toExtend<SqsEvent>();
  expectTypeOf<{
    Records: { messageId: string; body: string; attributes: { SenderId: string } }[];
  }>().toExtend<SqsEvent>();
  expectTypeOf<{ Records: { messageId: string; body: string }[] }>().toExtend<SqsEvent>();
});

/** Copied from @cloudflare/workers-types. */
interface MessageBatch<Body> {
  readonly queue: string;
  readonly messages: readonly Message<Body>[];
  retryAll(options?: { delaySeconds?: number }): void;
  ackAll(): void;
}
interface Message<Body> {
  readonly id: string;
  readonly timestamp: Date;
  readonly body: Body;
  readonly attempts: number;
  retry(options?: { delaySeconds?: number }): void;
  ack(): void;
}

test('every MessageBatch of Workers is a CloudflareBatch', () => {
  expectTypeOf<MessageBatch<unknown>>().toExtend<CloudflareBatch>();
  expectTypeOf<MessageBatch<{ type: string }>>().toExtend<CloudflareBatch>();
});
