import { expectTypeOf, test } from 'vitest';
import {
  createDestination,
  type Deliverer,
  type DeliveryError,
  type EventError,
  type Outcome,
  type Plan,
  type SkipReason,
  type Transport,
} from '../src/index.js';

declare const transport: Transport;
declare const outcome: Outcome;
const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const destination = createDestination({ appId, apiKey: 'k' });

test('tuples are kept: one outcome and one plan per input, without a check for undefined', async () => {
  const [first] = await destination.deliver([{ type: 'identify' }]);
  expectTypeOf(first).toEqualTypeOf<Outcome>();
  const pair = await destination.deliver([1, 'two']);
  expectTypeOf(pair.length).toEqualTypeOf<2>();
  const { plans } = destination.plan([1, 'two', null]);
  expectTypeOf(plans[2]).toEqualTypeOf<Plan>();
  // @ts-expect-error there are three
  plans[3];
});

test('lists are kept as lists', async () => {
  const events: unknown[] = [];
  const [first] = await destination.deliver(events);
  expectTypeOf(first).toEqualTypeOf<Outcome | undefined>();
  const frozen: readonly unknown[] = events;
  expectTypeOf(await destination.deliver(frozen)).toExtend<readonly Outcome[]>();
});

test('a switch over the status is exhaustive and narrows', () => {
  switch (outcome.status) {
    case 'delivered':
      expectTypeOf(outcome).not.toHaveProperty('error');
      break;
    case 'skipped':
      expectTypeOf(outcome.reason).toEqualTypeOf<SkipReason>();
      break;
    case 'retryable':
      expectTypeOf(outcome.error).toEqualTypeOf<DeliveryError>();
      expectTypeOf(outcome.retryAfterMs).toEqualTypeOf<number | undefined>();
      break;
    case 'failed':
      expectTypeOf(outcome.error).toEqualTypeOf<EventError | DeliveryError>();
      break;
    default:
      expectTypeOf(outcome).toBeNever();
  }
  expectTypeOf(outcome.warnings).toEqualTypeOf<DeliveryError[]>();
});

test('exactly one of key and transport is given', () => {
  createDestination({ appId, transport });
  createDestination({ appId, transport, apiKey: undefined });
  createDestination({ appId, apiKey: 'k', transport: undefined });
  // @ts-expect-error neither
  createDestination({ appId });
  // @ts-expect-error both
  createDestination({ appId, apiKey: 'k', transport });
  // @ts-expect-error a key that may be missing, as from process.env
  createDestination({ appId, apiKey: process.env.ONESIGNAL_API_KEY });
  // @ts-expect-error no app
  createDestination({ apiKey: 'k' });
});

test('what cannot work does not compile', () => {
  // @ts-expect-error misspelt
  createDestination({ appId, apiKey: 'k', deliver: {} });
  // @ts-expect-error no such way
  createDestination({ appId, apiKey: 'k', delivery: { missingUser: 'ignore' } });
  // @ts-expect-error true is no store
  createDestination({ appId, apiKey: 'k', delivery: { order: true } });
  // @ts-expect-error no tag to keep the name in
  createDestination({ appId, apiKey: 'k', mapping: { eventName: 'prefix', customEvents: { tags: 'replace' } } });
  // @ts-expect-error an event is no list of events
  destination.deliver({ type: 'identify' });
  // @ts-expect-error a transport answers with status, headers and body
  createDestination({ appId, transport: { send: async () => ({ status: 200 }) } });
});

test('a fake for a door is one line, a Set remembers events, and the usual clients fit the seam', () => {
  const fake: Deliverer = { deliver: async (inputs) => inputs.map(() => outcome) };
  expectTypeOf(destination).toExtend<Deliverer>();
  createDestination({ appId, apiKey: 'k', delivery: { seen: new Set() } });
  const byFetch: Transport = {
    async send({ method, path }, { signal }) {
      const { status, headers } = await fetch(path, { method, signal });
      return { status, headers, body: undefined };
    },
  };
  const byRecord: Transport = {
    send: async () => ({ status: 200, headers: { 'retry-after': ['1'] }, body: {} }),
  };
  expectTypeOf([fake, byFetch, byRecord]).toBeArray();
});
