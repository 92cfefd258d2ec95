import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { createSegmentFunction } from '../src/function/index.js';
import { toNodeListener } from '../src/node/index.js';
import { createBullmqProcessor } from '../src/queue/bullmq.js';
import { createCloudflareQueueHandler } from '../src/queue/cloudflare-queues.js';
import { createSqsHandler } from '../src/queue/sqs.js';
import { createSandbox } from '../src/sandbox/index.js';
import { createWebhookHandler } from '../src/webhook/index.js';

/** Calls a function as only JavaScript callers can. */
const call = (target: (...args: never) => unknown, ...args: unknown[]): unknown =>
  Reflect.apply(target, undefined, args);
const refused = (option: string, message: string) =>
  expect.objectContaining({ name: 'ConfigurationError', option, message });

test.each([
  ['createBullmqProcessor', createBullmqProcessor],
  ['createSqsHandler', createSqsHandler],
  ['createCloudflareQueueHandler', createCloudflareQueueHandler],
  ['createWebhookHandler', createWebhookHandler],
])('%s refuses a value that is not a destination', (_, create) => {
  const message = '"destination" must have a method deliver(events). Create it with createDestination.';
  for (const destination of [undefined, {}, { appId: 'a', apiKey: 'k' }, async () => []])
    expect(() => call(create, destination, { tokens: ['t'] })).toThrow(refused('destination', message));
});

test.each<[unknown, string, string]>([
  [{ tagsLimit: 2 }, 'tagsLimit', 'Unknown option "tagsLimit". Did you mean "tagLimit"?'],
  [{ tagLimit: '2' }, 'tagLimit', '"tagLimit" must be an integer ≥ 0.'],
  [{ unknownUsers: 'create' }, 'unknownUsers', "\"unknownUsers\" must be 'missing' or 'known'."],
])('createSandbox refuses %j', (options, option, message) => {
  expect(() => call(createSandbox, options)).toThrow(refused(option, message));
});

test.each<[unknown, string, string]>([
  [{ staus: 503 }, 'staus', 'Unknown option "staus". Did you mean "status"?'],
  [{ times: 2 }, 'status', 'A fault needs exactly one of delayMs, drop and status.'],
  [{ status: 503, drop: 'after' }, 'status', 'A fault needs exactly one of delayMs, drop and status.'],
  [{ drop: 'later' }, 'drop', "\"drop\" must be 'before' or 'after'."],
  [{ delayMs: 5, rate: 2 }, 'rate', '"rate" must be a number from 0 to 1.'],
])('sandbox.fail refuses %j', (fault, option, message) => {
  expect(() => call(createSandbox().fail, fault)).toThrow(refused(option, message));
});

test.each<[unknown, string, string]>([
  [{ externalID: 'u1' }, 'externalID', 'Unknown option "externalID". Did you mean "externalId"?'],
  [{}, 'externalId', '"externalId" must be a non-empty string.'],
  [
    { externalId: 'u1', subscriptions: [{ type: 'Email', tokn: 'a@b.c' }] },
    'subscriptions.0.tokn',
    'Unknown option "subscriptions.0.tokn". Did you mean "token"?',
  ],
])('sandbox.addUser refuses %j', (user, option, message) => {
  expect(() => call(createSandbox().addUser, user)).toThrow(refused(option, message));
});

test('an option of a sandbox that is undefined counts as absent', async () => {
  const unset = undefined;
  const sandbox = createSandbox({ apiKey: unset, tagLimit: unset, rateLimits: unset, seed: unset });
  const subscriptions = [{ type: 'Email', token: 'ada@example.com' }] as const;
  sandbox.addUser({ externalId: 'u1', tags: unset, aliases: unset, subscriptions });
  sandbox.fail({ status: 503, times: unset, rate: unset, when: unset, headers: unset })();
  const fetch = async () => new Response();
  const stream = sandbox.addEventStream({ url: 'https://receiver.example', method: unset, body: unset, fetch });
  const message = await sandbox.sendMessage({ channel: 'email', users: ['u1'], segment: unset, title: unset });
  await sandbox.interact({ message, user: 'u1', action: 'opened', data: unset, isExpired: unset });
  expect(stream.requests().map(({ kind, status }) => [kind, status])).toEqual([
    ['message.email.sent', 200],
    ['message.email.opened', 200],
  ]);
});

test('createSegmentFunction makes Segment redeliver events while an option is unknown', async () => {
  const { onTrack } = createSegmentFunction(JSON.parse('{ "maping": {} }'));
  const settings = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'k' };
  await expect(onTrack({ type: 'track' }, settings)).rejects.toMatchObject({
    name: 'RetryError',
    message: 'Unknown option "maping". Did you mean "mapping"?',
  });
});

test('a webhook handler mounted without toNodeListener says how to mount it', () => {
  const handler = createWebhookHandler({ deliver: async () => [] }, { tokens: ['t'] });
  const nodeRequest = { method: 'POST', url: '/', headers: { host: 'localhost' }, rawHeaders: [] };
  expect(() => call(handler, nodeRequest, {})).toThrow(
    new TypeError(
      'The webhook handler takes a Fetch Request. In Express and node:http, mount toNodeListener(handler) from segment-onesignal/node.',
    ),
  );
});

test.each<[unknown, unknown, string]>([
  [Promise.resolve(), {}, '"handler" must be a function, such as the one that createWebhookHandler returns.'],
  [() => new Response(), { onEror() {} }, 'Unknown option "onEror". Did you mean "onError"?'],
  [() => new Response(), { onError: true }, '"onError" must be a function.'],
])('toNodeListener refuses %j with %j', (handler, options, message) => {
  expect(() => call(toNodeListener, handler, options)).toThrow(expect.objectContaining({ message }));
});

/** The status that a client gets from a handler that throws. */
async function statusOf(listener: ReturnType<typeof toNodeListener>): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { status } = await fetch(`http://127.0.0.1:${port}/`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return status;
}

test('toNodeListener passes an error of the handler to onError', async () => {
  const onError = vi.fn();
  const thrown = new Error('broken');
  expect(await statusOf(toNodeListener(() => Promise.reject(thrown), { onError }))).toBe(500);
  expect(onError).toHaveBeenCalledExactlyOnceWith(thrown);
});

test('toNodeListener warns about an error of the handler, and about one of onError', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const fail = () => Promise.reject(new Error('broken'));
  const onError = () => {
    throw new Error('onError is broken too');
  };
  expect(await statusOf(toNodeListener(fail))).toBe(500);
  expect(await statusOf(toNodeListener(fail, { onError }))).toBe(500);
  expect(warn.mock.calls).toMatchObject([
    [expect.stringContaining('toNodeListener failed'), { detail: expect.stringContaining('broken') }],
    [expect.stringContaining('toNodeListener failed'), { detail: expect.stringContaining('onError is broken too') }],
  ]);
  warn.mockRestore();
});
