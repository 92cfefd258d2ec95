import { afterEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../sandbox-server.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** A record in the form in which Lambda passes it. */
const record = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1545082649183',
    SenderId: 'AIDAIENQZJOLO23YVJ4VO',
    ApproximateFirstReceiveTimestamp: '1545082649185',
  },
  messageAttributes: {},
  md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:segment-events',
  awsRegion: 'us-east-2',
});

test('the Lambda function delivers a batch and names the messages that SQS should keep', async () => {
  const { sandbox, url } = await startSandbox({ unknownUsers: 'known', apiKey: 'os_v2_app_key' });
  vi.stubEnv('ONESIGNAL_APP_ID', '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a');
  vi.stubEnv('ONESIGNAL_API_KEY', 'os_v2_app_key');
  vi.stubEnv('ONESIGNAL_URL', url);
  const { handler } = await import('../../examples/aws-lambda-sqs.js');
  const Records = [
    record('059f36b4', JSON.stringify({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } })),
    record('2e1424d4', 'Test message.'),
  ];
  const answer = await handler({ Records }, { getRemainingTimeInMillis: () => 30_000 });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2e1424d4' }] });
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});
