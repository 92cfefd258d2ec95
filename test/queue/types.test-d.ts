import type { Job } from 'bullmq';
import { expectTypeOf, test } from 'vitest';
import type { BullmqJob } from '../../src/queue/bullmq.js';
import type { CloudflareBatch } from '../../src/queue/cloudflare-queues.js';
import type { SqsEvent } from '../../src/queue/sqs.js';

test('every job of BullMQ is one', () => {
  expectTypeOf<Job>().toExtend<BullmqJob>();
  expectTypeOf<Job<{ type: string }>>().toExtend<BullmqJob>();
});

/** As @types/aws-lambda has it. */
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

test('every event that Lambda has from SQS is one, of a standard queue too', () => {
  expectTypeOf<{ Records: SQSRecord[] }>().toExtend<SqsEvent>();
  expectTypeOf<{
    Records: { messageId: string; body: string; attributes: { SenderId: string } }[];
  }>().toExtend<SqsEvent>();
  expectTypeOf<{ Records: { messageId: string; body: string }[] }>().toExtend<SqsEvent>();
});

/** As @cloudflare/workers-types has it. */
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

test('every batch of Workers is one', () => {
  expectTypeOf<MessageBatch<unknown>>().toExtend<CloudflareBatch>();
  expectTypeOf<MessageBatch<{ type: string }>>().toExtend<CloudflareBatch>();
});
