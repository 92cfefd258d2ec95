// An AWS Lambda function that delivers the events of an SQS queue; put Segment's webhook, or anything that sends Segment events, in front of the queue.
//
// Build one file of it: npx esbuild aws-lambda-sqs.ts --bundle --platform=node --format=esm --outfile=index.mjs
// Event source mapping: FunctionResponseTypes: [ReportBatchItemFailures], BatchSize: 100, MaximumBatchingWindowInSeconds: 1.
// Queue: a redrive policy with maxReceiveCount 20 or more, a visibility timeout of six times the function's timeout.
// FIFO: MessageGroupId = the user's id keeps each user's order, and lets different users go at the same time.
import { createDestination, createOneSignalTransport } from 'segment-onesignal';
import { createSqsHandler } from 'segment-onesignal/sqs';

const { ONESIGNAL_APP_ID: appId = '', ONESIGNAL_API_KEY: apiKey = '', ONESIGNAL_URL: baseUrl } = process.env;

// Outside the handler: a container that is reused remembers what it wrote last for each user.
const destination = createDestination({ appId, transport: createOneSignalTransport({ apiKey, baseUrl }) });

export const handler = createSqsHandler(destination);
