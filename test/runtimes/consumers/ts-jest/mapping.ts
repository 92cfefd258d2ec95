import { ConfigurationError, createDestination, createOneSignalTransport, mapEvent } from 'segment-onesignal';
import { createSandbox } from 'segment-onesignal/sandbox';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro', email: 'ada@example.com' } } as const;

test('maps an event', () => {
  const plan = mapEvent(event);
  expect(plan.operations).toEqual([
    { type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } },
  ]);
  expect(plan.dropped).toEqual([{ path: 'traits.email', reason: 'identifier' }]);
});

test('delivers to the sandbox', async () => {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
  const [outcome] = await createDestination({ appId, transport }).deliver([event]);
  expect(outcome?.status).toBe('delivered');
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});

test('throws an error that Jest recognizes by its class', () => {
  expect(() => createDestination({ appId } as never)).toThrow(ConfigurationError);
});
