/**
 * Delivers the messages of an Amazon SQS queue to OneSignal, from an AWS Lambda function.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { createSqsHandler } from 'segment-onesignal/sqs';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * export const handler = createSqsHandler(destination);
 * ```
 *
 * @module
 */
import { checkDeliverer } from '../check-deliverer.js';
import type { Deliverer } from '../pipeline.js';
import { deliverMessages } from './deliver-messages.js';

/** The part of Lambda's `SQSRecord` that the handler uses. */
export interface SqsRecord {
  /** The id that SQS gave the message. It is unrelated to an event's `messageId`. */
  messageId: string;
  /** One event, or an array of events, as JSON. */
  body: string;
  /** Needed only for FIFO queues. */
  attributes?: SqsAttributes;
}

/** The attribute of a record that the handler uses. Records of standard queues do not have it. */
export type SqsAttributes = object & {
  /** The group within which a FIFO queue preserves order. */
  MessageGroupId?: string | undefined;
};

/** The part of Lambda's `SQSEvent` that the handler uses. */
export interface SqsEvent {
  /** The messages of the batch. */
  Records: readonly SqsRecord[];
}

/** The part of Lambda's `Context` that the handler uses. */
export interface SqsContext {
  /** Returns the milliseconds until Lambda ends the function. */
  getRemainingTimeInMillis(): number;
}

/**
 * Names the messages that stay in the queue. Lambda reads it only if the event source has `ReportBatchItemFailures`.
 */
export interface SqsBatchResponse {
  /** The messages that stay in the queue. Empty if the whole batch is done. */
  batchItemFailures: SqsBatchItemFailure[];
}

/** A message that stays in the queue. */
export interface SqsBatchItemFailure {
  /** The message's `messageId`. */
  itemIdentifier: string;
}

/** Time reserved for answering. If Lambda ends the function before it answers, the whole batch is redelivered. */
const marginMs = 1_000;

/**
 * Creates a Lambda handler for an SQS event source. A message holds one event or an array of events.
 *
 * The event source needs `FunctionResponseTypes: [ReportBatchItemFailures]`, and the queue a redrive policy with a
 * dead-letter queue. The whole batch is delivered in one call, which ends 1 second before Lambda would end the
 * function. These messages stay in the queue:
 *
 * - Messages with a retryable event. SQS redelivers them after its visibility timeout; it does not take `retryAfterMs`
 *   into account.
 * - Messages with a failed event, and messages that are not JSON. SQS moves them to the dead-letter queue after
 *   `maxReceiveCount` receives.
 * - In a FIFO queue, every message that follows a retryable one in the same group, so that their order is preserved. A
 *   failed message holds nothing back: it will never be applied, and its group would follow it into the dead-letter
 *   queue.
 *
 * @param destination - The destination, or any object with `deliver(events)`.
 * @returns The handler.
 * @throws `ConfigurationError` if the destination has no method `deliver`.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { createSqsHandler } from 'segment-onesignal/sqs';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * const handler = createSqsHandler(destination);
 * const response = await handler({ Records: [{ messageId: 'r1', body: 'not JSON' }] });
 * console.log(response); // { batchItemFailures: [{ itemIdentifier: 'r1' }] }
 * ```
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html | AWS Lambda: Partial batch responses}
 */
export function createSqsHandler(
  destination: Deliverer,
): (event: SqsEvent, context?: SqsContext) => Promise<SqsBatchResponse> {
  checkDeliverer(destination);
  return async ({ Records }, context) => {
    const deadlineMs = context === undefined ? undefined : Math.max(context.getRemainingTimeInMillis() - marginMs, 1);
    const bodies = Records.map(({ body }) => parse(body));
    const decisions = await deliverMessages(destination, bodies, { deadlineMs });
    const retriedGroups = new Set<string>();
    const kept = Records.filter(({ attributes }, index) => {
      const group = attributes?.MessageGroupId;
      const action = decisions[index]?.action;
      if (group === undefined) return action !== 'ack';
      if (action === 'redeliver') retriedGroups.add(group);
      return action !== 'ack' || retriedGroups.has(group);
    });
    return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** A body that is not JSON stays a string, which fails like any other input that is not an event. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
