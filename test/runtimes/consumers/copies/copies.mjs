// Two copies of the library, one of ES modules and one of CommonJS, handle each other's errors and parts.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as core from 'segment-onesignal';
import * as bullmq from 'segment-onesignal/bullmq';
import * as sandboxes from 'segment-onesignal/sandbox';
import * as sqs from 'segment-onesignal/sqs';
import * as webhook from 'segment-onesignal/webhook';

const require = createRequire(import.meta.url);
const load = (entry) => require(`segment-onesignal${entry}`);
const esm = { ...core, ...bullmq, ...sandboxes, ...sqs, ...webhook };
const cjs = { ...load(''), ...load('/bullmq'), ...load('/sandbox'), ...load('/sqs'), ...load('/webhook') };
assert.notEqual(esm.EventError, cjs.EventError, 'The copies are one');

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const identify = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
const rejection = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

for (const [own, other] of [
  [esm, cjs],
  [cjs, esm],
]) {
  const sandbox = other.createSandbox({ unknownUsers: 'known' });
  const transport = other.createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
  const destination = own.createDestination({ appId, transport });
  const send = async (body, secret) => {
    const handler = other.createWebhookHandler(destination, { secrets: ['shh'] });
    const headers = { 'x-signature': await own.sign(body, secret) };
    const response = await handler(new Request('http://receiver.test/segment', { method: 'POST', headers, body }));
    return [response.status, (await response.json()).outcomes?.[0]?.code];
  };

  // A destination from one copy with the transport and the receiver from the other
  assert.deepEqual(await send(JSON.stringify(identify), 'shh'), [200, undefined]);
  assert.deepEqual(sandbox.user('u1').tags, { plan: 'pro' });
  assert.equal((await send(JSON.stringify(identify), 'guessed'))[0], 401);

  // An EventError
  assert.deepEqual(await send('{"type":"identify","userId":"u1","traits":5}', 'shh'), [400, 'invalid_event']);
  const failed = await rejection(other.createBullmqProcessor(destination)({ data: { userId: 'u1' } }));
  assert.equal(failed.name, 'UnrecoverableError');
  assert.equal(failed.cause.name, 'EventError');

  // A DeliveryError, and a refusal from the transport
  sandbox.fail({ status: 503, headers: { 'retry-after': '60' } });
  const record = { messageId: 'r1', body: JSON.stringify(identify) };
  assert.deepEqual(await other.createSqsHandler(destination)({ Records: [record] }), {
    batchItemFailures: [{ itemIdentifier: 'r1' }],
  });
  const [late] = await destination.deliver([identify]);
  assert.deepEqual([late.status, late.error.name, late.error.code], ['retryable', 'DeliveryError', 'unavailable']);

  // A ConfigurationError and a SignatureError, distinguished by their names
  assert.throws(() => own.createDestination({ appId }), { name: 'ConfigurationError', code: 'missing' });
  const refused = await rejection(own.verify('{}', await other.sign('{}', 'guessed'), ['shh']));
  assert.deepEqual([refused.name, refused.code], ['SignatureError', 'mismatch']);
}
console.log('ok');
