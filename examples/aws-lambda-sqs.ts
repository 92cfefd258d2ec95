// An AWS Lambda function that delivers the events of an SQS queue. Let Segment's webhook, or anything else that sends
// Segment events, feed the queue.
//
// Build: npx esbuild aws-lambda-sqs.ts --bundle --platform=node --format=esm --outfile=index.mjs
// Event source mapping: FunctionResponseTypes: [ReportBatchItemFailures], BatchSize: 100,
//   MaximumBatchingWindowInSeconds: 1
// Queue: a redrive policy with maxReceiveCount ≥ 20, and a visibility timeout of six times the function's timeout.
// FIFO queue: set MessageGroupId to the user's id. Each user's events stay in order, and users do not wait for each
// other.
import { createDestination, createOneSignalTransport } from 'segment-onesignal';
import { createSqsHandler } from 'segment-onesignal/sqs';

const { ONESIGNAL_APP_ID: appId = '', ONESIGNAL_API_KEY: apiKey = '', ONESIGNAL_URL: baseUrl } = process.env;

// Created outside the handler, so that a container remembers the newest write of each user across invocations.
const destination = createDestination({ appId, transport: createOneSignalTransport({ apiKey, baseUrl }) });

export const handler = createSqsHandler(destination);
