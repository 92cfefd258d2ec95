// Checks that the packed package must pass on every runtime. They use only what all runtimes have.
import { createDestination, createOneSignalTransport, mapEvent } from 'segment-onesignal';
import { createBullmqProcessor } from 'segment-onesignal/bullmq';
import { createCloudflareQueueHandler } from 'segment-onesignal/cloudflare-queues';
import { createSegmentFunction } from 'segment-onesignal/function';
import { createSandbox } from 'segment-onesignal/sandbox';
import { createSqsHandler } from 'segment-onesignal/sqs';
import { createWebhookHandler, sign, verify } from 'segment-onesignal/webhook';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const secret = 'schlüssel';
const identify = {
  type: 'identify',
  userId: 'u1',
  messageId: 'm1',
  traits: { firstName: 'Zoë', plan: 'pro', trial: null },
};
const entered = {
  type: 'track',
  userId: 'u1',
  event: 'Audience Entered',
  properties: { vip: true, audience_key: 'vip' },
  context: { personas: { computation_class: 'audience', computation_key: 'vip' } },
};

const equal = (what, actual, expected) => {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, received ${is}`);
};

/** Maps the name of each check to the check. `sandboxUrl` is the URL of a sandbox on a local port. */
export const checks = {
  async mapping() {
    const plan = mapEvent(identify, { prefix: 'app_' });
    equal('operations', plan.operations, [
      {
        type: 'update_user',
        user: { label: 'external_id', id: 'u1' },
        tags: { app_first_name: 'Zoë', app_plan: 'pro', app_trial: '' },
      },
    ]);
  },

  async 'deliver, in memory'() {
    const sandbox = createSandbox({ unknownUsers: 'known' });
    const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
    const outcomes = await createDestination({ appId, transport }).deliver([identify, entered, { type: 'page' }, 5]);
    equal(
      'statuses',
      outcomes.map(({ status }) => status),
      ['delivered', 'delivered', 'skipped', 'failed'],
    );
    equal('tags', sandbox.user('u1')?.tags, { first_name: 'Zoë', plan: 'pro', vip: 'true' });
    equal(
      'members',
      sandbox.segments().map(({ members }) => members),
      [['u1']],
    );
  },

  async 'deliver, over HTTP'(sandboxUrl) {
    const transport = createOneSignalTransport({ apiKey: 'key', baseUrl: sandboxUrl });
    const outcomes = await createDestination({ appId, transport }).deliver([identify, entered]);
    equal(
      'statuses',
      outcomes.map(({ status, warnings }) => [status, warnings]),
      [
        ['delivered', []],
        ['delivered', []],
      ],
    );
  },

  async 'abort, time-out'() {
    const sandbox = createSandbox({ unknownUsers: 'known' });
    sandbox.fail({ delayMs: 60_000 });
    const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
    const destination = createDestination({ appId, transport, delivery: { timeoutMs: 20, retries: 0 } });
    const [late] = await destination.deliver([identify]);
    equal('late', late.status === 'retryable' && late.error.code, 'timeout');
    const controller = new AbortController();
    const aborted = destination.deliver([{ ...identify, userId: 'u2' }], { signal: controller.signal });
    controller.abort();
    equal('aborted', await aborted.catch(({ name }) => name), 'AbortError');
  },

  async 'queues, function'() {
    const sandbox = createSandbox({ unknownUsers: 'known' });
    const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
    const destination = createDestination({ appId, transport });
    const record = { messageId: 'r1', body: JSON.stringify(identify) };
    equal('sqs', await createSqsHandler(destination)({ Records: [record] }), { batchItemFailures: [] });
    equal('tags', sandbox.user('u1')?.tags, { first_name: 'Zoë', plan: 'pro' });
    const handlers = [createBullmqProcessor(destination), createCloudflareQueueHandler(destination)];
    handlers.push(createSegmentFunction().onTrack);
    equal(
      'handlers',
      handlers.map((handler) => typeof handler),
      ['function', 'function', 'function'],
    );
  },

  async 'sign and verify'() {
    const body = JSON.stringify(identify);
    const signature = await sign(body, secret);
    await verify(body, signature.toUpperCase(), ['old', secret]);
    const refused = (given) => verify(body, given, ['old']).catch(({ name, code }) => `${name} ${code}`);
    equal('other secret', await refused(signature), 'SignatureError mismatch');
    equal('malformed', await refused('x'), 'SignatureError malformed');
    equal('missing', await refused(null), 'SignatureError missing');
  },

  async 'webhook, gzip'() {
    const sandbox = createSandbox({ unknownUsers: 'known' });
    const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
    const handler = createWebhookHandler(createDestination({ appId, transport }), {
      secrets: [secret],
      maxBytes: 5_000,
    });
    const post = async (body, headers = {}) => {
      const response = await handler(new Request('http://receiver.test/segment', { method: 'POST', headers, body }));
      await response.json();
      return response.status;
    };
    const gzip = async (text) =>
      new Uint8Array(
        await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
      );
    const text = JSON.stringify(identify);
    const signed = { 'x-signature': await sign(text, secret) };
    const packed = { ...signed, 'content-encoding': 'gzip' };
    const bytes = await gzip(text);
    equal('signed', await post(text, signed), 200);
    equal('unsigned', await post(text), 401);
    equal('too large', await post(' '.repeat(5_001), signed), 413);
    equal('too deep', await post('['.repeat(2_000) + ']'.repeat(2_000), signed), 401);
    equal('gzip', await post(bytes, packed), 200);
    equal('gzip cut off', await post(bytes.slice(0, -9), packed), 400);
    equal('unpacked on the way', await post(text, packed), 200);
    equal('bomb', await post(await gzip(' '.repeat(1_000_000)), packed), 413);
    equal('tags', sandbox.user('u1')?.tags, { first_name: 'Zoë', plan: 'pro' });
  },
};
