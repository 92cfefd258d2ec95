import fc from 'fast-check';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDestination, type Destination, type Outcome } from '../src/index.js';
import { createSandbox } from '../src/sandbox/index.js';
import { apiKey, appId, destinationAt, destinationOn } from './delivery/destinations.js';
import { audience, identify, track } from './delivery/events.js';
import { scripted } from './delivery/wire.js';
import { startSandbox } from './sandbox-server.js';

const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

/** Calls as JavaScript callers make them, which do not compile in TypeScript. */
const call = (destination: Destination, method: 'plan' | 'deliver', ...args: unknown[]): unknown =>
  Reflect.apply(destination[method], destination, args);

describe('one outcome per input', () => {
  test('for an empty array, none', async () => {
    const transport = scripted();
    expect(await destinationOn(transport).deliver([])).toEqual([]);
    expect(transport.requests).toEqual([]);
  });

  test('for an array with holes, also one for each hole', async () => {
    const inputs = [identify('u1', { plan: 'pro' })];
    inputs[3] = identify('u2', { plan: 'pro' });
    const destination = destinationOn(scripted());
    expect(statuses(await destination.deliver(inputs))).toEqual(['delivered', 'failed', 'failed', 'delivered']);
    expect(destination.plan(inputs).plans.map(({ status }) => status)).toEqual([
      'planned',
      'failed',
      'failed',
      'planned',
    ]);
    expect(statuses(await destination.deliver(new Array(3)))).toEqual(['failed', 'failed', 'failed']);
  });

  test('for the same event given twice, two', async () => {
    const event = identify('u1', { plan: 'pro' });
    expect(statuses(await destinationOn(scripted()).deliver([event, event]))).toEqual(['delivered', 'delivered']);
  });

  test('in the same place, even if the array changes in the meantime', async () => {
    const seen: unknown[] = [];
    const destination = destinationOn(scripted(), { hooks: { onOutcome: (_outcome, input) => seen.push(input) } });
    const events = [identify('u1', { plan: 'pro' }), identify('u2', { plan: 'pro' })];
    const [first, second] = events;
    const delivering = destination.deliver(events);
    events.length = 0;
    expect(statuses(await delivering)).toEqual(['delivered', 'delivered']);
    expect(seen).toEqual([first, second]);
  });

  test('for any input, and it is JSON', async () => {
    const anyEvent = fc.record(
      {
        type: fc.oneof(fc.constantFrom('identify', 'track', 'page', 'delete'), fc.anything()),
        userId: fc.oneof(fc.constantFrom('u1', 'u2', '..', '\ud800', 0), fc.anything()),
        traits: fc.oneof(fc.dictionary(fc.string(), fc.anything()), fc.anything({ withDate: true, withBigInt: true })),
        properties: fc.anything(),
        timestamp: fc.anything(),
        context: fc.anything(),
        messageId: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const hostile = fc.constantFrom<unknown>(
      new Proxy(
        {},
        {
          get() {
            throw new Error('mine');
          },
        },
      ),
      {
        get type() {
          throw new Error('mine');
        },
      },
      Object.create(null),
      JSON.parse('{"type":"identify","userId":"u1","traits":{"__proto__":"x","constructor":"y"}}'),
    );
    const answer = fc.constantFrom<unknown>({ status: 202 }, { status: 400 }, { status: 404 }, undefined, 'x', hostile);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyEvent, fc.anything(), hostile), { maxLength: 5 }),
        answer,
        async (inputs, given) => {
          const destination = destinationOn(
            scripted(() => given),
            { delivery: { retries: 0 } },
          );
          const outcomes = await destination.deliver(inputs);
          expect(outcomes).toHaveLength(inputs.length);
          for (const outcome of outcomes)
            expect(['delivered', 'skipped', 'retryable', 'failed']).toContain(outcome.status);
          expect(() => JSON.stringify(outcomes)).not.toThrow();
          expect(destination.plan(inputs).plans).toHaveLength(inputs.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('plan is a dry run', () => {
  const events = [
    audience('u1', true),
    identify('u1', { plan: 'pro', address: {} }),
    null,
    { type: 'page', userId: 'u1' },
    audience('u2', true),
  ];

  test('that shows plans and requests, coalesced, with their inputs', () => {
    const { plans, requests } = destinationOn(scripted()).plan(events);
    expect(plans.map(({ status }) => status)).toEqual(['planned', 'planned', 'failed', 'skipped', 'planned']);
    expect(plans[1]).toMatchObject({ messageId: 'm-u1', dropped: [{ path: 'traits.address', reason: 'nested' }] });
    expect(requests.map(({ method, path, inputs }) => [method, path.replace(`/apps/${appId}`, ''), inputs])).toEqual([
      ['PATCH', '/users/by/external_id/u1', [0, 1]],
      ['POST', '/segments', [0, 4]],
      ['PATCH', '/users/by/external_id/u2', [4]],
    ]);
    expect(requests[0]?.body).toEqual({ properties: { tags: { vips: 'true', plan: 'pro' } } });
  });

  test('that sends nothing and calls no hook', () => {
    const transport = scripted();
    const onAttempt = vi.fn();
    const onOutcome = vi.fn();
    destinationOn(transport, { hooks: { onAttempt, onOutcome } }).plan(events);
    expect(transport.requests).toEqual([]);
    expect(onAttempt).not.toHaveBeenCalled();
    expect(onOutcome).not.toHaveBeenCalled();
  });

  test('whose result is JSON, and the same for the same events', () => {
    const destination = destinationOn(scripted());
    const first = destination.plan(events);
    expect(JSON.stringify(destination.plan(events))).toBe(JSON.stringify(first));
    expect(JSON.parse(JSON.stringify(first.requests))).toEqual(first.requests);
  });

  test('that shows what deliver sends', async () => {
    const transport = scripted();
    const destination = destinationOn(transport);
    const { requests } = destination.plan(events);
    await destination.deliver(events);
    const bodies = (list: readonly { method: string; path: string; body?: unknown }[]) =>
      list.map(({ method, path, body }) => JSON.stringify({ method, path, body })).sort();
    expect(bodies(transport.requests)).toEqual(bodies(requests));
  });
});

describe('an argument that is not an array of events', () => {
  test.each([[undefined], [null], [identify('u1', {})], ['[]'], [new Set()]])(
    'such as %j is a programming error',
    async (inputs) => {
      const destination = destinationOn(scripted());
      expect(() => call(destination, 'plan', inputs)).toThrow(
        new TypeError('Expected an array of events. Pass a single event as [event].'),
      );
      await expect(call(destination, 'deliver', inputs)).rejects.toThrow(TypeError);
    },
  );

  test('null counts as no options', async () => {
    expect(await call(destinationOn(scripted()), 'deliver', [identify('u1', { a: 1 })], null)).toMatchObject([
      { status: 'delivered' },
    ]);
  });
});

describe('hooks', () => {
  test('see each attempt, and each outcome with its input', async () => {
    const transport = scripted((_request, _signal, index) => ({
      status: index === 0 ? 503 : 202,
      headers: { 'retry-after': '0' },
    }));
    const onAttempt = vi.fn();
    const onOutcome = vi.fn();
    const event = identify('u1', { plan: 'pro' });
    const outcomes = await destinationOn(transport, { hooks: { onAttempt, onOutcome } }).deliver([event, null]);
    expect(onAttempt.mock.calls).toMatchObject([
      [
        {
          operation: 'update_user',
          attempt: 1,
          status: 503,
          error: { code: 'unavailable' },
          retryInMs: expect.any(Number),
        },
      ],
      [{ operation: 'update_user', attempt: 2, status: 202 }],
    ]);
    expect(onOutcome.mock.calls).toEqual([
      [outcomes[1], null],
      [outcomes[0], event],
    ]);
  });

  test.each([
    [
      'throw',
      () => {
        throw new Error('mine');
      },
    ],
    [
      'reject',
      async () => {
        throw new Error('mine');
      },
    ],
  ])('that %s change nothing', async (_, hook) => {
    const destination = destinationOn(scripted(), { hooks: { onAttempt: hook, onOutcome: hook } });
    expect(await destination.deliver([identify('u1', { plan: 'pro' }), null])).toMatchObject([
      { status: 'delivered' },
      { status: 'failed' },
    ]);
    // An unhandled rejection would end the test run.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('creating a destination', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('does no I/O and starts no timer', () => {
    vi.useFakeTimers();
    const fetch = vi.fn();
    vi.stubGlobal('fetch', fetch);
    createDestination({ appId, apiKey });
    expect(vi.getTimerCount()).toBe(0);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('with a key sends to OneSignal, here replaced by msw and the sandbox', async () => {
    const sandbox = createSandbox({ apiKey });
    sandbox.addUser({ externalId: 'u1' });
    const server = setupServer(http.all('https://api.onesignal.com/*', ({ request }) => sandbox.fetch(request)));
    server.listen({ onUnhandledRequest: 'error' });
    try {
      const destination = createDestination({ appId, apiKey });
      expect(await destination.deliver([track('u1', { brand: 'Acme' })])).toMatchObject([{ status: 'delivered' }]);
      expect(sandbox.user('u1')?.tags).toEqual({ brand: 'Acme' });
    } finally {
      server.close();
    }
  });

  test('shares nothing with others: a refused key of one does not stop another', async () => {
    const bad = destinationOn(scripted(() => ({ status: 401 })));
    const { sandbox, url } = await startSandbox();
    sandbox.addUser({ externalId: 'u1' });
    expect(await bad.deliver([identify('u1', { a: 1 })])).toMatchObject([{ status: 'retryable' }]);
    expect(await destinationAt(url).deliver([identify('u1', { a: 1 })])).toMatchObject([{ status: 'delivered' }]);
  });
});

describe('wrong options of deliver', () => {
  test.each([
    [{ timeoutMs: 5 }, 'Unknown option "timeoutMs". Known options: signal, deadlineMs.'],
    [{ deadlinems: 5 }, 'Unknown option "deadlinems". Did you mean "deadlineMs"?'],
    [{ deadlineMs: '5' }, '"deadlineMs" must be a number of milliseconds.'],
    [{ deadlineMs: Number.NaN }, '"deadlineMs" must be a number of milliseconds.'],
    [{ signal: true }, '"signal" must be an AbortSignal.'],
    [5, '"options" must be an object.'],
  ])('%j is refused, and nothing is sent', async (options, message) => {
    const transport = scripted();
    const delivering = call(destinationOn(transport), 'deliver', [identify('u1', { a: 1 })], options);
    await expect(delivering).rejects.toMatchObject({ name: 'ConfigurationError', message });
    expect(transport.requests).toEqual([]);
  });
});
