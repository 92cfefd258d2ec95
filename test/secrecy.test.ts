import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Attempt,
  createDestination,
  createOneSignalTransport,
  DeliveryError,
  EventError,
  type OneSignalRequest,
  type Outcome,
  type Transport,
} from '../src/index.js';
import { appId } from './delivery/destinations.js';
import { audience, identify, track } from './delivery/events.js';
import { scripted } from './delivery/wire.js';
import { json, startLocalServer } from './local-server.js';

const apiKey = 'os_v2_app_topsecretkey';
/** Everything that printing or logging could show, including hidden fields. */
const shown = (value: unknown): string =>
  inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }) +
  JSON.stringify(value);
/** The parts of an error that the library writes. The frames of the stack hold file names only. */
const written = (error: Error): string =>
  shown({
    message: error.message,
    cause: error.cause,
    json: JSON.stringify(error),
    stack: error.stack?.split('\n    at ')[0],
  }) + ('reasons' in error ? shown(error.reasons) : '');
const errorsOf = (outcomes: readonly Outcome[], attempts: readonly Attempt[]): Error[] => [
  ...outcomes.flatMap((outcome) => [...('error' in outcome ? [outcome.error] : []), ...outcome.warnings]),
  ...attempts.flatMap(({ error }) => error ?? []),
];

/** Distinctive enough not to occur in the library's own messages. */
const secret = fc
  .tuple(
    fc.constantFrom('jane', 'Größe', '猫', 'a/b', 'x"y', 'white space', '50%', "o'n", '<i>', '\\n\n'),
    fc.integer({ min: 1_000, max: 9_999 }),
  )
  .map(([word, number]) => `${word}-${number}`);

/** The content of responses and errors that repeat everything they know. */
function repeating(request: OneSignalRequest, userId: string, value: string): string[] {
  return [
    `no user ${userId} with ${value}`,
    `${request.method} https://api.onesignal.com${request.path} failed`,
    `path ${request.path}, body ${JSON.stringify(request.body)}`,
    `header authorization: Key ${apiKey}`,
  ];
}

const behaviours: Record<string, (request: OneSignalRequest, userId: string, value: string) => unknown> = {
  'a refusal that repeats ids and values': (request, userId, value) => ({
    status: 400,
    body: { errors: repeating(request, userId, value) },
  }),
  'a refusal in upper case': (request, userId, value) => ({
    status: 400,
    body: { errors: repeating(request, userId, value).map((words) => words.toUpperCase()) },
  }),
  'a refusal that quotes the request as JSON in JSON': (request, userId, value) => ({
    status: 400,
    body: { errors: repeating(request, userId, value).map((words) => JSON.stringify(JSON.stringify(words))) },
  }),
  'a structured refusal': (request, userId, value) => ({
    status: 409,
    body: { errors: [{ code: userId, title: repeating(request, userId, value).join(' '), meta: { id: userId } }] },
  }),
  'a map of refusals': (_request, userId, value) => ({ status: 422, body: { errors: { [userId]: [value] } } }),
  'a refused key': (request, userId, value) => ({ status: 403, body: { errors: repeating(request, userId, value) } }),
  'a server error': (request, userId, value) => ({
    status: 503,
    headers: { 'x-user': userId },
    body: JSON.stringify({ errors: repeating(request, userId, value) }),
  }),
  'a page that is not from OneSignal': (request, userId, value) => ({
    status: 404,
    body: repeating(request, userId, value).join(),
  }),
  'the error of an HTTP client': (request, userId, value) => {
    const cause = Object.assign(new Error(repeating(request, userId, value).join(' ')), { code: 'ECONNRESET', userId });
    throw Object.assign(new Error(repeating(request, userId, value).join('\n'), { cause }), {
      name: 'AxiosError',
      code: 'ERR_BAD_REQUEST',
      url: `https://api.onesignal.com${request.path}`,
      headers: { authorization: `Key ${apiKey}` },
      config: { headers: { authorization: `Key ${apiKey}` }, data: JSON.stringify(request.body) },
      request: { path: request.path },
    });
  },
  'an error with a response': (request, userId, value) => {
    throw Object.assign(new Error(userId), {
      name: userId,
      code: value,
      response: { status: 400, data: request.body },
    });
  },
  'a value that is not an error': (_request, userId, value) => {
    throw [userId, value];
  },
  'a response that cannot be read': (_request, userId, value) => ({
    get status() {
      throw new Error(`${userId} ${value}`);
    },
  }),
};

test.each(Object.entries(behaviours))('%s: no error shows a person’s id, a value or the key', async (_, behave) => {
  await fc.assert(
    fc.asyncProperty(secret, secret, async (userId, value) => {
      fc.pre(userId !== value);
      // OneSignal can only repeat what is in the request.
      const transport: Transport = scripted((request) =>
        behave(request, userId, JSON.stringify(request.body).includes(JSON.stringify(value)) ? value : 'nothing'),
      );
      const attempts: Attempt[] = [];
      const destination = createDestination({
        appId,
        transport,
        delivery: { retries: 0, userIntervalMs: 0 },
        hooks: { onAttempt: (attempt) => attempts.push(attempt) },
      });
      const outcomes = await destination.deliver([
        identify(userId, { city: value, age: 41 }),
        track(userId, { other: value }),
        audience(userId, true),
      ]);
      const errors = errorsOf(outcomes, attempts);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) {
        expect(error).toBeInstanceOf(DeliveryError);
        const text = written(error);
        for (const hidden of [userId, value, encodeURIComponent(userId), JSON.stringify(value).slice(1, -1), apiKey])
          expect(text.toUpperCase()).not.toContain(hidden.toUpperCase());
        expect(error.message).not.toMatch(/[\n\r\u2028\u2029]/);
      }
      for (const attempt of attempts) expect(shown({ ...attempt, error: undefined })).not.toContain(userId);
    }),
    { numRuns: 50 },
  );
});

test('a refusal that spells ids and values differently from the event: no error shows them', async () => {
  const transport = scripted(() => ({
    status: 400,
    body: { errors: ['no user JANE.DOE@VIENNA', 'number 43 660 1234567 is bad', '"Lives in Vien…" is longer than 8'] },
  }));
  const destination = createDestination({ appId, transport, delivery: { retries: 0, userIntervalMs: 0 } });
  const traits = { contact: '+43 (660) 123-4567', about: 'Lives in Vienna, in a house' };
  const [outcome] = await destination.deliver([identify('jane.doe@vienna', traits)]);
  expect(outcome).toMatchObject({
    error: { reasons: ['no user <redacted>', 'number <redacted> is bad', '"<redacted>…" is longer than 8'] },
  });
});

test('an input that is not an event: its error shows no id and no value', async () => {
  const destination = createDestination({
    appId,
    transport: scripted(),
    mapping: {
      tag(_key, value) {
        JSON.parse(String(value));
        throw new Error(`cannot use ${value}`);
      },
    },
  });
  await fc.assert(
    fc.asyncProperty(secret, secret, async (userId, value) => {
      const outcomes = await destination.deliver([
        { type: 'identify', userId, traits: value },
        { type: value, userId: [userId], traits: 7 },
        { type: 'identify', userId: { id: userId }, traits: {}, context: value },
        { [userId]: value },
        value,
        identify(userId, { city: value }),
      ]);
      for (const outcome of outcomes) {
        if (!('error' in outcome)) continue;
        expect(outcome.error).toBeInstanceOf(EventError);
        for (const hidden of [userId, value]) expect(written(outcome.error)).not.toContain(hidden);
      }
    }),
  );
});

test('the key shows nowhere: not in plans, requests, outcomes, errors, hooks or printed objects', async () => {
  const seen: unknown[] = [];
  const server = await startLocalServer();
  const transport = createOneSignalTransport({ apiKey, baseUrl: server.url });
  const destination = createDestination({
    appId,
    transport,
    delivery: { retries: 0, userIntervalMs: 0 },
    hooks: { onAttempt: (attempt) => seen.push(attempt), onOutcome: (outcome) => seen.push(outcome) },
  });
  const events = [identify('u1', { plan: 'pro' }), audience('u2', true), null];
  seen.push(destination, transport, createDestination({ appId, apiKey }), destination.plan(events));
  for (const answer of [
    json(202, {}),
    json(400, { errors: [`Key ${apiKey} is not allowed here`] }),
    json(500, { errors: 'no' }, { authorization: `Key ${apiKey}` }),
    (response: { destroy(): void }) => response.destroy(),
    json(401, { errors: [`bad key: ${apiKey}`] }),
  ]) {
    server.answer = answer;
    seen.push(await destination.deliver(events));
  }
  await server.close();
  const late = createDestination({ appId, transport, delivery: { retries: 0 } });
  seen.push(await late.deliver(events));
  expect(server.requests[0]?.headers.authorization).toBe(`Key ${apiKey}`);
  expect(shown(seen)).toContain('u1');
  expect(shown(seen)).not.toContain(apiKey);
});
