// An AWS Lambda function with a function URL, or behind an HTTP API of API Gateway, that receives an Event Stream of
// OneSignal and sends its events to Segment.
//
// Build: npx esbuild aws-lambda.ts --bundle --platform=node --format=esm --outfile=index.mjs
// Timeout: 15 seconds. Environment: SEGMENT_WRITE_KEY, STREAM_SECRET
import { createEventStreamHandler, createSegmentSender } from 'segment-onesignal/event-stream';

const { SEGMENT_WRITE_KEY: writeKey, SEGMENT_URL: baseUrl, STREAM_SECRET = '' } = process.env;

// Created outside the handler, so that a container remembers how long Segment asked it to wait.
const receive = createEventStreamHandler({
  segment: createSegmentSender({ writeKey, baseUrl }),
  secrets: [STREAM_SECRET],
  onProblem: ({ error, isLost }) => console.error(isLost ? 'Lost an event:' : 'Will come again:', error.message),
});

/** The part of a request that is read, in the payload format 2.0. */
export interface LambdaRequest {
  headers: Record<string, string | undefined>;
  requestContext: { http: { method: string } };
  body?: string;
  isBase64Encoded: boolean;
}

export async function handler({ headers, requestContext, body, isBase64Encoded }: LambdaRequest) {
  const fields = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    // Lambda has read the body already.
    value === undefined || name.toLowerCase() === 'content-length' ? [] : [[name, value]],
  );
  const { method } = requestContext.http;
  const bytes = body === undefined ? null : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request('https://lambda.internal/', { method, headers: fields, body: hasBody ? bytes : null });
  const response = await receive(request);
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}
