/**
 * Delivers the records of an Amazon SQS queue from a Lambda function.
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
import type { Deliverer } from '../pipeline.js';
import { deliverMessages } from './deliver-messages.js';

/** What the handler needs of an SQS record; every `SQSRecord` is one. */
export interface SqsRecord {
  /** SQS's id of the message, by which it is named in the answer. */
  messageId: string;
  /** JSON: one event, or an array of events. */
  body: string;
  /** Present in FIFO queues, among others. */
  attributes?: SqsAttributes;
}

/** What the handler needs of a record's attributes; a standard queue's have nothing of it. */
export type SqsAttributes = object & {
  /** The group within which a FIFO queue keeps the order. */
  MessageGroupId?: string | undefined;
};

/** What the handler needs of Lambda's event. */
export interface SqsEvent {
  /** The batch. */
  Records: readonly SqsRecord[];
}

/** What the handler needs of Lambda's context. */
export interface SqsContext {
  /** Milliseconds until Lambda ends the function. */
  getRemainingTimeInMillis(): number;
}

/** The messages that SQS keeps; Lambda reads it where the event source has `ReportBatchItemFailures`. */
export interface SqsBatchResponse {
  /** Empty: the whole batch is done. */
  batchItemFailures: SqsBatchItemFailure[];
}

/** One message that SQS keeps. */
export interface SqsBatchItemFailure {
  /** The message's `messageId`. */
  itemIdentifier: string;
}

/** What is left of Lambda's time for answering: a function that is cut off has its whole batch redelivered. */
const marginMs = 1_000;

/**
 * Makes a Lambda handler for SQS. The event source needs `FunctionResponseTypes: [ReportBatchItemFailures]`, the queue a redrive policy with a dead-letter queue.
 *
 * The whole batch is delivered in one call, within Lambda's remaining time less a second. In the answer stand:
 * - the messages with a retryable event; SQS redelivers them after the visibility timeout (it cannot be told `retryAfterMs` this way);
 * - the messages with a failed event, and those that are not JSON; SQS moves them to the dead letters after `maxReceiveCount` receives;
 * - in a FIFO queue, all messages of a group after a retryable one, so that their order is kept. A failed one holds nothing back: it will never be applied, and its
 *   group would follow it to the dead letters.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { createSqsHandler } from 'segment-onesignal/sqs';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * const handler = createSqsHandler(destination);
 * console.log(await handler({ Records: [{ messageId: 'r1', body: 'no JSON' }] })); // { batchItemFailures: [{ itemIdentifier: 'r1' }] }
 * ```
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html | AWS Lambda: Partial batch responses}
 */
export function createSqsHandler(
  destination: Deliverer,
): (event: SqsEvent, context?: SqsContext) => Promise<SqsBatchResponse> {
  return async ({ Records }, context) => {
    const deadlineMs = context === undefined ? undefined : Math.max(context.getRemainingTimeInMillis() - marginMs, 1);
    const bodies = Records.map(({ body }) => parse(body));
    const decisions = await deliverMessages(destination, bodies, { deadlineMs });
    const heldGroups = new Set<string>();
    const kept = Records.filter(({ attributes }, index) => {
      const group = attributes?.MessageGroupId;
      const action = decisions[index]?.action;
      if (group === undefined) return action !== 'ack';
      if (action === 'redeliver') heldGroups.add(group);
      return action !== 'ack' || heldGroups.has(group);
    });
    return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** What is not JSON stays a text, which is no event: a failed outcome like any other. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
