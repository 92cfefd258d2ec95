import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventStreamTemplate, eventToTrack } from '../../src/event-stream/index.js';
import { ConfigurationError } from '../../src/index.js';
import { createSandbox, type NewSandboxEventStream } from '../../src/sandbox/index.js';

const url = 'http://receiver.test/onesignal';
const push = { type: 'iOSPush', token: 'a'.repeat(64) } as const;

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A sandbox with users and a stream whose receiver answers from a list of statuses, then with 200. */
function createStreaming(stream: Partial<NewSandboxEventStream> = {}, statuses: (number | 'silent' | 'reset')[] = []) {
  const sandbox = createSandbox();
  sandbox.addUser({
    externalId: 'ada',
    tags: { plan: 'pro' },
    subscriptions: [push, { type: 'Email', token: 'ada@example.com' }],
  });
  sandbox.addUser({ externalId: 'bob', subscriptions: [{ type: 'Email', token: 'bob@example.com' }] });
  sandbox.addUser({ externalId: 'eve' });
  const received: Request[] = [];
  const view = sandbox.addEventStream({
    url,
    async fetch(request) {
      received.push(request);
      const status = statuses.shift() ?? 200;
      if (status === 'reset') throw new TypeError('fetch failed');
      if (status === 'silent') return new Promise(() => {});
      return new Response(null, { status });
    },
    ...stream,
  });
  const kinds = () => view.requests().map(({ kind }) => kind);
  return { sandbox, stream: view, received, kinds };
}

describe('sendMessage', () => {
  test("sends the body from OneSignal's docs for each subscription of the channel", async () => {
    const { sandbox, received } = createStreaming();
    const title = { en: 'Sale', de: 'Ausverkauf' };
    const message = { name: 'promo', title, contents: 'x'.repeat(60), url: 'https://example.com/sale' };
    const { id, recipients } = await sandbox.sendMessage({ users: ['ada', 'bob', 'eve', 'nobody'], ...message });
    expect(recipients).toEqual(['ada']);
    expect(received.map(({ method, url: to }) => `${method} ${to}`)).toEqual([`POST ${url}`]);
    expect(await received[0]?.json()).toEqual({
      'Event Data': {
        'event.kind': 'message.push.sent',
        'event.id': expect.stringMatching(/^[\da-f-]{36}$/),
        'event.timestamp': '1772366400',
        'event.datetime': '2026-03-01T12:00:00.000Z',
        'event.app_id': '00000000-0000-4000-8000-000000000001',
        'event.subscription_device_type': 'iOS',
        'event.subscription_id': expect.stringMatching(/^[\da-f-]{36}$/),
        'event.onesignal_id': expect.stringMatching(/^[\da-f-]{36}$/),
        'event.external_id': 'ada',
        ...{ 'event.data.page_name': '', 'event.data.page_id': '', 'event.data.target_name': '' },
        ...{ 'event.data.target_id': '', 'event.data.failure_reason': '' },
      },
      'Message Data': {
        ...{ 'message.id': id, 'message.name': 'promo', 'message.title': 'Sale', 'message.contents': 'x'.repeat(50) },
        ...{ template_id: '', 'message.template_id': '', 'message.url': 'https://example.com/sale' },
        ...{ 'message.app_url': '', 'message.web_url': '' },
      },
    });
  });

  test('sends to the current members of a segment', async () => {
    const { sandbox, kinds } = createStreaming();
    const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'pro' }];
    await sandbox.fetch('https://api.onesignal.com/apps/00000000-0000-4000-8000-000000000001/segments', {
      method: 'POST',
      headers: { authorization: 'Key key', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Pros', filters }),
    });
    expect((await sandbox.sendMessage({ channel: 'email', segment: 'Pros' })).recipients).toEqual(['ada']);
    expect(kinds()).toEqual(['message.email.sent']);
    const resume = sandbox.pauseSegment('Pros');
    await expect(sandbox.sendMessage({ segment: 'Pros' })).rejects.toThrow('is paused');
    resume();
    await expect(sandbox.sendMessage({ segment: 'Others' })).rejects.toThrow(RangeError);
  });

  test('sends no event for an in-app message until it is seen', async () => {
    const { sandbox, kinds } = createStreaming();
    const message = await sandbox.sendMessage({ channel: 'iam', users: ['ada'] });
    expect(kinds()).toEqual([]);
    await sandbox.interact({ message, user: 'ada', action: 'impression' });
    expect(kinds()).toEqual(['message.iam.impression']);
  });
});

describe('interact', () => {
  test('sends the event with its data, under its own id', async () => {
    const { sandbox, stream } = createStreaming({ body: eventStreamTemplate.body });
    const message = await sandbox.sendMessage({ users: ['ada'], name: 'promo' });
    await sandbox.interact({
      message: message.id,
      user: 'ada',
      action: 'failed',
      data: { failure_reason: 'Unregistered' },
    });
    const [sent, failed] = stream.requests().map(({ body }) => JSON.parse(body));
    expect(failed).toMatchObject({ 'event.kind': 'message.push.failed', 'event.data.failure_reason': 'Unregistered' });
    expect(failed['message.id']).toBe(sent['message.id']);
    expect(failed['event.id']).not.toBe(sent['event.id']);
  });

  test('sends only the id of an expired message', async () => {
    const { sandbox, stream } = createStreaming();
    const message = await sandbox.sendMessage({ users: ['ada'], name: 'promo', title: 'Sale' });
    await sandbox.interact({ message, user: 'ada', action: 'clicked', isExpired: true });
    expect(eventToTrack(stream.requests()[1]?.body)).toMatchObject({
      warnings: ['message_expired'],
      track: { properties: { messageId: message.id } },
    });
  });

  test('disables the subscription for the action unsubscribed', async () => {
    const { sandbox } = createStreaming();
    const message = await sandbox.sendMessage({ users: ['ada'] });
    await sandbox.interact({ message, user: 'ada', action: 'unsubscribed' });
    expect((await sandbox.sendMessage({ users: ['ada'] })).recipients).toEqual([]);
  });

  test.each([
    [{ user: 'bob', action: 'clicked' }, 'did not get the message'],
    [
      { user: 'ada', action: 'opened' },
      'have no event "opened". Their events are sent, received, clicked, failed and unsubscribed.',
    ],
    [{ user: 'ada', action: 'clicked', message: 'another' }, 'did not get the message'],
  ])('refuses %j', async (interaction, message) => {
    const { sandbox } = createStreaming();
    const sent = await sandbox.sendMessage({ users: ['ada'] });
    await expect(sandbox.interact({ message: sent, ...interaction })).rejects.toThrow(message);
  });
});

describe('a stream', () => {
  test("renders this library's template, whose JSON no title can break with quotes", async () => {
    const { sandbox, stream } = createStreaming({ body: eventStreamTemplate.body });
    for (const title of ['Say "hi"', '"', `It's "50%" off`, { en: 'The "en" one', de: 'Die "de"' }]) {
      await sandbox.sendMessage({ users: ['ada'], title, name: 'a "b" c', contents: '"quoted"' });
      const body = stream.requests().at(-1)?.body ?? '';
      expect(JSON.parse(body)['event.external_id']).toBe('ada');
      expect(eventToTrack(body)).toMatchObject({
        status: 'mapped',
        warnings: [],
        track: {
          userId: 'ada',
          properties: {
            message_name: 'a "b" c',
            message_title: typeof title === 'string' ? title : title.en,
            message_contents: '"quoted"',
          },
        },
      });
    }
  });

  test('sends the ids of an event even if its title breaks the JSON of the default body', async () => {
    const { sandbox, stream } = createStreaming();
    await sandbox.sendMessage({ users: ['ada'], title: 'Say "hi"' });
    expect(eventToTrack(stream.requests()[0]?.body)).toMatchObject({
      warnings: ['texts_lost'],
      track: { userId: 'ada' },
    });
  });

  test('renders Liquid in the URL and the headers', async () => {
    const headers = { 'X-Kind': '{{ event.kind | upcase }}', Authorization: 'Bearer shh' };
    const { sandbox, received } = createStreaming({ url: `${url}/{{ event.external_id }}`, headers, method: 'PUT' });
    await sandbox.sendMessage({ users: ['ada'] });
    expect(received[0]?.url).toBe(`${url}/ada`);
    expect(received[0]?.method).toBe('PUT');
    expect(received[0]?.headers.get('x-kind')).toBe('MESSAGE.PUSH.SENT');
    expect(received[0]?.headers.get('authorization')).toBe('Bearer shh');
  });

  test('sends only the chosen kinds', async () => {
    const { sandbox, kinds } = createStreaming({ kinds: ['message.push.clicked'] });
    const message = await sandbox.sendMessage({ users: ['ada'] });
    await sandbox.interact({ message, user: 'ada', action: 'clicked' });
    expect(kinds()).toEqual(['message.push.clicked']);
  });

  test('repeats an event that failed recoverably a few times, with increasing delays and the same id', async () => {
    const { sandbox, stream } = createStreaming({}, [503, 429, 'reset', 200]);
    const sent = sandbox.sendMessage({ users: ['ada'] });
    await vi.runAllTimersAsync();
    await sent;
    const requests = stream.requests();
    expect(requests.map(({ status }) => status)).toEqual([503, 429, undefined, 200]);
    const [first = 0] = requests.map(({ at }) => at);
    expect(requests.map(({ at }) => at - first)).toEqual([0, 1_000, 3_000, 7_000]);
    expect(new Set(requests.map(({ eventId }) => eventId)).size).toBe(1);
    expect(stream.isDisabled()).toBe(false);
  });

  test('treats silence as a failure, and gives up after its retries', async () => {
    const { sandbox, stream } = createStreaming({ timeoutMs: 100, retryDelaysMs: [10] }, ['silent', 'silent']);
    const sent = sandbox.sendMessage({ users: ['ada'] });
    await vi.runAllTimersAsync();
    await sent;
    expect(stream.requests().map(({ status }) => status)).toEqual([undefined, undefined]);
  });

  test.each([400, 401, 404, 302])('does not repeat a %i', async (status) => {
    const { sandbox, stream } = createStreaming({}, [status]);
    await sandbox.sendMessage({ users: ['ada'] });
    expect(stream.requests().map((request) => request.status)).toEqual([status]);
  });

  test('is disabled when too many events in a row fail, until it is enabled again', async () => {
    const { sandbox, stream, kinds } = createStreaming({ disableAfter: 2 }, [400, 200, 400, 400]);
    const send = () => sandbox.sendMessage({ users: ['ada'] });
    for (let count = 0; count < 3; count += 1) await send();
    expect(stream.isDisabled()).toBe(false);
    await send();
    expect(stream.isDisabled()).toBe(true);
    await send();
    expect(kinds()).toHaveLength(4);
    stream.enable();
    await send();
    expect(kinds()).toHaveLength(5);
  });
});

const sandbox = createSandbox();
test.each<[string, () => unknown]>([
  ['url', () => sandbox.addEventStream({ url: 'receiver.test' })],
  // @ts-expect-error: missing
  ['url', () => sandbox.addEventStream({})],
  ['body', () => sandbox.addEventStream({ url, body: '{{ event.id | json }}' })],
  ['body', () => sandbox.addEventStream({ url, body: '{{ event.id | replace: a }}' })],
  ['headers.X', () => sandbox.addEventStream({ url, headers: { X: '{{ a b }}' } })],
  // @ts-expect-error: not a kind
  ['kinds.0', () => sandbox.addEventStream({ url, kinds: ['push'] })],
  ['retryDelaysMs.0', () => sandbox.addEventStream({ url, retryDelaysMs: [-1] })],
  // @ts-expect-error: not an option
  ['uri', () => sandbox.addEventStream({ url, uri: url })],
])('a stream with a wrong %s is refused', (option, add) => {
  expect(add).toThrow(ConfigurationError);
  expect(add).toThrow(expect.objectContaining({ option }));
});

test.each<[string, () => Promise<unknown>]>([
  ['segment', () => sandbox.sendMessage({})],
  ['segment', () => sandbox.sendMessage({ segment: 'a', users: [] })],
  // @ts-expect-error: not a channel
  ['channel', () => sandbox.sendMessage({ users: [], channel: 'fax' })],
  // @ts-expect-error: not a string
  ['title', () => sandbox.sendMessage({ users: [], title: 7 })],
  // @ts-expect-error: missing
  ['action', () => sandbox.interact({ message: 'm', user: 'u' })],
  // @ts-expect-error: not an option
  ['kind', () => sandbox.interact({ message: 'm', user: 'u', action: 'clicked', kind: 'x' })],
])('a message or an interaction with a wrong %s is refused', async (option, call) => {
  await expect(call()).rejects.toThrow(expect.objectContaining({ option }));
});
