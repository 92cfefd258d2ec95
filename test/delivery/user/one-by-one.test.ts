import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coalesce, createOneSignalTransport, type Operation, type Plan, toRequest } from '../../../src/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import { inOrderOfTime, operations, plansOf, tagOperations } from '../../onesignal/arbitrary-plans.js';
import { appId, destinationOn } from '../destinations.js';
import { at, identify } from '../events.js';

type Sandbox = ReturnType<typeof createSandbox>;

function createKnown(): Sandbox {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  for (const externalId of ['u1', 'u2', 'u3']) sandbox.addUser({ externalId });
  return sandbox;
}
const send = ({ fetch }: Sandbox, operation: Operation): Promise<unknown> => {
  const transport = createOneSignalTransport({ apiKey: 'k', fetch });
  return transport.send(toRequest(operation, appId), { signal: new AbortController().signal });
};
/** The visible state of an app, without the ids that OneSignal generates. */
const stateOf = (sandbox: Sandbox) => ({
  users: sandbox
    .users()
    .map((user) => ({ ...user, subscriptions: user.subscriptions.map((one) => JSON.stringify(one)).sort() }))
    .sort((a, b) => a.externalId.localeCompare(b.externalId)),
  segments: sandbox
    .segments()
    .map(({ name, filters, members }) => ({ name, filters, members: [...members].sort() }))
    .sort((a, b) => JSON.stringify(a.filters).localeCompare(JSON.stringify(b.filters))),
  customEvents: sandbox
    .customEvents()
    .map(({ timestamp: _whenItCame, ...event }) => event)
    .sort((a, b) => String(a.external_id).localeCompare(String(b.external_id))),
});

/** One name per segment: OneSignal refuses a second segment of the same name, and the first name counts. */
const nameByFilter = (operation: Operation): Operation =>
  operation.type === 'ensure_segment' ? { ...operation, name: JSON.stringify(operation.filters) } : operation;

test.each([
  ['tags and segments', tagOperations],
  ['anything', operations],
])(
  'sent coalesced, %s leave the sandbox as if sent one by one in the order of time',
  async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(plansOf(operation.map(nameByFilter)), async (plans: Plan[]) => {
        const oneByOne = createKnown();
        for (const plan of inOrderOfTime(plans)) for (const wanted of plan.operations) await send(oneByOne, wanted);
        const coalesced = createKnown();
        for (const merged of coalesce(plans)) await send(coalesced, merged.operation);
        expect(stateOf(coalesced)).toEqual(stateOf(oneByOne));
      }),
      { numRuns: 100 },
    );
  },
  60_000,
);

test('delivered in one call, events leave the sandbox as if delivered one by one in the order of time', async () => {
  const event = fc.record({
    user: fc.constantFrom('u1', 'u2', 'u3'),
    second: fc.option(fc.nat(4), { nil: undefined, freq: 5 }),
    traits: fc.dictionary(
      fc.constantFrom('plan', 'city', 'vip', '__proto__'),
      fc.constantFrom('a', 'b', null, true, 7),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 10 }), async (events) => {
      const inputs = events.map(({ user, second, traits }) =>
        identify(user, traits, second === undefined ? {} : { timestamp: at(second) }),
      );
      const together = createKnown();
      const destination = (sandbox: Sandbox) =>
        destinationOn(createOneSignalTransport({ apiKey: 'k', fetch: sandbox.fetch }), { delivery: { order: false } });
      for (const { status } of await destination(together).deliver(inputs)) expect(status).toBe('delivered');

      const oneByOne = createKnown();
      const { plans } = destination(oneByOne).plan(inputs);
      for (const plan of inOrderOfTime(plans)) await destination(oneByOne).deliver([inputs[plans.indexOf(plan)]]);
      expect(stateOf(together)).toEqual(stateOf(oneByOne));
      expect(together.requests().length).toBeLessThanOrEqual(3);
    }),
    { numRuns: 100 },
  );
}, 60_000);
