import type { DistributedOmit, Jsonify, JsonValue, RequireExactlyOne } from 'type-fest';
import { expectTypeOf, test } from 'vitest';
import {
  createDestination,
  type Deliverer,
  type DeliveryError,
  type DestinationOptions,
  defineMapping,
  type EventError,
  type OneSignalCustomEvent,
  type OneSignalRequest,
  type Operation,
  type Outcome,
  type Plan,
  type PlannedRequest,
  type SendCustomEvents,
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

test('arrays are kept as arrays', async () => {
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

test('either a key or a transport is required, not both', () => {
  createDestination({ appId, transport });
  createDestination({ appId, transport, apiKey: undefined });
  createDestination({ appId, apiKey: 'k', transport: undefined });
  // @ts-expect-error neither
  createDestination({ appId });
  // @ts-expect-error both
  createDestination({ appId, apiKey: 'k', transport });
  // Variables that may be missing, as from process.env, are checked at run time.
  createDestination({ appId: process.env.ONESIGNAL_APP_ID, apiKey: process.env.ONESIGNAL_API_KEY });
  createDestination({ appId, apiKey: 'k', authScheme: 'Basic' });
  // @ts-expect-error a transport has its own scheme
  createDestination({ appId, transport, authScheme: 'Basic' });
  // @ts-expect-error no app
  createDestination({ apiKey: 'k' });
  type Access = { apiKey: string; transport: Transport };
  expectTypeOf<{ appId: string } & RequireExactlyOne<Access>>().toExtend<DestinationOptions>();
  expectTypeOf<{ appId: string } & Access>().not.toExtend<DestinationOptions>();
});

test('options and arguments that cannot work do not compile', () => {
  // @ts-expect-error misspelled
  createDestination({ appId, apiKey: 'k', deliver: {} });
  // @ts-expect-error no such choice
  createDestination({ appId, apiKey: 'k', delivery: { missingUser: 'ignore' } });
  // @ts-expect-error true is not a store
  createDestination({ appId, apiKey: 'k', delivery: { order: true } });
  // @ts-expect-error no tags to keep the name in
  defineMapping({ eventName: 'prefix', customEvents: { tags: 'replace' } });
  // @ts-expect-error an event is not an array of events
  destination.deliver({ type: 'identify' });
  // @ts-expect-error a transport answers with status, headers and body
  createDestination({ appId, transport: { send: async () => ({ status: 200 }) } });
});

test('a fake Deliverer is one line, a Set is a SeenStore, and the usual clients are transports', () => {
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

test('plans, operations, requests and outcomes are JSON: writing and reading them changes nothing', () => {
  type Known = Exclude<Operation, SendCustomEvents>;
  expectTypeOf<Jsonify<Known>>().toEqualTypeOf<Known>();
  type Settled = DistributedOmit<WithoutError<Outcome>, 'warnings'>;
  expectTypeOf<Jsonify<Settled>>().toEqualTypeOf<Settled>();
  // Fields with any JSON, which their types call unknown: the parsed value fits, and nothing else of the type changes.
  type Properties = Record<string, JsonValue>;
  expectTypeOf<Jsonify<OneSignalCustomEvent>>().toEqualTypeOf<With<OneSignalCustomEvent, 'properties', Properties>>();
  expectTypeOf<Jsonify<OneSignalRequest>>().toEqualTypeOf<With<OneSignalRequest, 'body', JsonValue>>();
  expectTypeOf<Jsonify<Operation>>().toExtend<Operation>();
  expectTypeOf<Jsonify<WithoutError<Plan>>>().toExtend<Plan>();
  expectTypeOf<Jsonify<PlannedRequest>>().toExtend<PlannedRequest>();
});

test('errors inside plans and outcomes become JSON through toJSON', () => {
  type Errors = Extract<Plan | Outcome, { error: unknown }>['error'] | Outcome['warnings'][number];
  expectTypeOf<Errors>().toEqualTypeOf<EventError | DeliveryError>();
  expectTypeOf<Errors>().toExtend<{ toJSON(): object }>();
});

/** Plans and outcomes except those with an error, which is a class. */
type WithoutError<Of> = Exclude<Of, { error: unknown }>;
/** The same type with another type for one field. */
type With<Of, Field extends keyof Of, Value> = { [Key in keyof Of]: Key extends Field ? Value : Of[Key] };
